// Plays the past at a speed, and jumps from outage to outage.
'use client'
import { Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { Travelled } from '../_data/travel.ts'
import { IconButton } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { Segments } from '../_ui/segments.tsx'

const SPEEDS = [1, 5, 10, 30, 60] as const

type PlayControlsProps = {
  /** Undefined while the wall is live: there is nothing to play. */
  travelled: Travelled | undefined
  onTurn(): void
  onSpeed(speed: number): void
  onJump(direction: 'later' | 'earlier'): void
}

export function PlayControls({ travelled, onTurn, onSpeed, onJump }: PlayControlsProps) {
  const t = useTranslations('past')
  const isPlaying = travelled?.isPlaying ?? false
  const buttonLook = 'disabled:opacity-40'
  return (
    <div className="flex items-center gap-1">
      <IconButton icon={SkipBack} label={t('earlier')} onClick={() => onJump('earlier')} />
      <IconButton
        icon={isPlaying ? Pause : Play}
        label={t(isPlaying ? 'pause' : 'play')}
        disabled={!travelled}
        className={buttonLook}
        onClick={onTurn}
      />
      <IconButton
        icon={SkipForward}
        label={t('later')}
        disabled={!travelled}
        className={buttonLook}
        onClick={() => onJump('later')}
      />
      <div className={cx(!travelled && 'invisible')}>
        <Segments
          label={t('speed')}
          options={SPEEDS.map((value) => ({ value, label: t('times', { value }) }))}
          chosen={travelled?.speed}
          onChoose={onSpeed}
        />
      </div>
    </div>
  )
}
