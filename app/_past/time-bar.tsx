// The bar of time travel: moment, calendar, slider, playing, jumping, and the way back.
'use client'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useBeat } from '../_data/live-hooks.ts'
import { useLive } from '../_data/live-provider.tsx'
import { findOutage, keptFromQuery } from '../_data/past.ts'
import { useFaultText } from '../_data/use-act.ts'
import { IconButton } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { Segments } from '../_ui/segments.tsx'
import { MomentField } from './moment-field.tsx'
import { PlayControls } from './play-controls.tsx'
import { type SliderWindow, SPANS, type Span, windowAround } from './slider-window.ts'
import { TimeSlider } from './time-slider.tsx'
import { useMomentText } from './use-moment-text.ts'
import { useTimeKeys } from './use-time-keys.ts'
import { type Travelling, useTravelled } from './use-travelling.ts'

/** So near to now one means the present. */
const NEAR_MS = 4_000
const SPAN_NAMES = ['hour', 'day', 'week'] as const

export function TimeBar({ time }: { time: Travelling }) {
  const t = useTranslations('past')
  const text = useMomentText()
  const moment = useMoment(time)
  const { atMs, presentMs, keptFromMs, travelled } = moment
  const [span, setSpan] = useState<Span>('hour')
  const window = useWindow({ span, atMs, presentMs, keptFromMs })
  const { jump, note } = useJumps(moment)
  const isPast = time.travel !== undefined
  const fault = useFaultText()

  function turn(): void {
    if (travelled?.isPlaying) time.travel?.pause()
    else time.travel?.play(travelled?.speed ?? 1)
  }

  useTimeKeys({
    close: time.close,
    live: time.live,
    turn,
    jump: (direction) => void jump(direction),
    step: (seconds) => moment.go(atMs + seconds * 1_000),
  })

  return (
    <section
      aria-label={t('title')}
      aria-busy={travelled?.goingToMs !== undefined}
      data-past={isPast}
      data-playing={travelled?.isPlaying ?? false}
      className="fixed inset-x-0 bottom-0 z-30 flex flex-col gap-1.5 border-t border-line-strong bg-surface px-3 pt-2 pb-1 data-[past=true]:border-past"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <PlayControls
          travelled={travelled}
          onTurn={turn}
          onSpeed={(speed) => time.travel?.play(speed)}
          onJump={(direction) => void jump(direction)}
        />
        <p
          className={cx(
            'figures rounded-4 px-2 py-0.5 text-16 font-medium whitespace-nowrap max-sm:text-14',
            isPast ? 'bg-past text-on-past' : 'text-muted',
          )}
        >
          <span className="mr-2 font-normal">{t(isPast ? 'past' : 'present')}</span>
          <time dateTime={new Date(atMs).toISOString()}>{text(atMs)}</time>
        </p>
        <span role="status" className="min-w-0 truncate text-13 text-muted">
          {travelled?.fault ? fault(travelled.fault) : note}
        </span>
        <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0">
          <MomentField atMs={atMs} earliestMs={keptFromMs} latestMs={presentMs} onGo={moment.go} />
          <Segments<Span>
            label={t('span')}
            options={SPAN_NAMES.map((value) => ({ value, label: t(value) }))}
            chosen={span}
            onChoose={setSpan}
          />
          <LiveButton isLive={!isPast} onLive={time.live} />
          <IconButton icon={X} label={t('close')} onClick={time.close} />
        </div>
      </div>
      <TimeSlider window={window} atMs={atMs} onGo={moment.go} />
      {window.fromMs === keptFromMs && (
        <p className="figures text-12 text-faint">{t('keptFrom', { time: text(keptFromMs) })}</p>
      )}
    </section>
  )
}

function LiveButton({ isLive, onLive }: { isLive: boolean; onLive(): void }) {
  const t = useTranslations('past')
  return (
    <button
      type="button"
      aria-pressed={isLive}
      title={t('liveTitle')}
      onClick={onLive}
      className={cx(
        'flex h-7 items-center gap-1.5 rounded-4 px-2 text-13 hover:bg-raised',
        isLive ? 'text-muted' : 'border border-line-strong text-text',
      )}
    >
      <span className={cx('size-2 rounded-full', isLive ? 'bg-answering' : 'bg-quiet')} />
      {t('live')}
    </button>
  )
}

// Which moment is shown or on its way, and what can be gone to.
function useMoment(time: Travelling) {
  const live = useLive()
  const travelled = useTravelled(time.travel)
  useBeat(1_000)
  const presentMs = live?.connection.clockMs() ?? 0
  const { data: keptFromMs = presentMs - SPANS.day } = useQuery(keptFromQuery)
  const atMs = travelled?.goingToMs ?? travelled?.atMs ?? presentMs

  function go(ms: number): void {
    if (ms >= presentMs - NEAR_MS) time.live()
    else time.go(Math.max(ms, keptFromMs))
  }
  return { atMs, presentMs, keptFromMs, travelled, go }
}

function useWindow(wanted: Parameters<typeof windowAround>[1]): SliderWindow {
  const [held, setHeld] = useState<SliderWindow>()
  const window = windowAround(held, wanted)
  if (window !== held) setHeld(window)
  return window
}

function useJumps({ atMs, go }: Pick<ReturnType<typeof useMoment>, 'atMs' | 'go'>) {
  const t = useTranslations('past')
  const faultText = useFaultText()
  const [note, setNote] = useState('')

  async function jump(direction: 'later' | 'earlier'): Promise<void> {
    setNote('')
    try {
      const found = await findOutage(direction, atMs)
      if (found === undefined) setNote(t(direction === 'later' ? 'noLater' : 'noEarlier'))
      else go(found)
    } catch (fault) {
      setNote(faultText(fault))
    }
  }
  return { jump, note }
}
