// Chooses the window of time, and takes what it holds away as a file.
'use client'
import { ChevronLeft, ChevronRight, Download } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { IconButton } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { Segments } from '../_ui/segments.tsx'
import { moved, type Windowed } from './time-window.ts'

const SPANS = [
  ['minutes', 600_000],
  ['hour', 3_600_000],
  ['hours', 6 * 3_600_000],
  ['day', 86_400_000],
  ['week', 7 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['year', 365 * 86_400_000],
] as const

const buttonLook = 'h-6 rounded-4 px-2 text-12 whitespace-nowrap'
const linkLook =
  'inline-flex h-7 items-center gap-1.5 rounded-4 px-2 text-12 text-muted hover:bg-raised hover:text-text'

/** `title` says what is in it. */
export type WindowFile = { kind: 'csv' | 'json' | 'proof'; href: string; title: string }

type WindowBarProps = Windowed & { files: readonly WindowFile[] }

export function WindowBar({ window, nowMs, onWindow, files }: WindowBarProps) {
  const t = useTranslations('history')
  const isLive = window.toMs === undefined
  const move = (spans: number) => onWindow(moved(window, spans * window.spanMs, nowMs))
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segments
        label={t('span')}
        options={SPANS.map(([name, spanMs]) => ({ value: spanMs, label: t(`spans.${name}`) }))}
        chosen={isLive ? window.spanMs : undefined}
        onChoose={(spanMs) => onWindow({ spanMs })}
      />
      <div className="flex items-center">
        <IconButton icon={ChevronLeft} label={t('earlier')} onClick={() => move(-0.5)} />
        <IconButton
          icon={ChevronRight}
          label={t('later')}
          disabled={isLive}
          className="disabled:opacity-40"
          onClick={() => move(0.5)}
        />
        <button
          type="button"
          aria-pressed={isLive}
          onClick={() => onWindow({ spanMs: window.spanMs })}
          className={cx(
            buttonLook,
            'flex items-center gap-1.5 hover:bg-raised',
            isLive ? 'text-text' : 'text-muted',
          )}
        >
          <span className={cx('size-2 rounded-full', isLive ? 'bg-answering' : 'bg-quiet')} />
          {t('live')}
        </button>
      </div>
      <div className="ml-auto flex items-center">
        {files.map(({ kind, href, title }) => (
          <a key={kind} href={href} download title={title} className={linkLook}>
            <Download size={14} aria-hidden />
            {t(kind)}
          </a>
        ))}
      </div>
    </div>
  )
}
