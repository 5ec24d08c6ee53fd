// One entry of the record read whole, laid out as JSON where that is wanted.
'use client'
import { Check, Copy, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { Recorded } from '../_data/live-record.ts'
import { IconButton } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { copyText } from '../_ui/copy-text.ts'
import { CloseMeaning } from './close-meaning.tsx'
import { clockTime, exactTime } from './recorded-time.ts'

type FrameDetailProps = { entry: Recorded; onClose(): void }

export function FrameDetail({ entry, onClose }: FrameDetailProps) {
  const t = useTranslations('inspect')
  const [isPretty, setIsPretty] = useState(true)
  const isFrame = entry.kind === 'in' || entry.kind === 'out'
  const text = isPretty ? prettyText(entry.text) : entry.text
  return (
    <div
      data-detail={entry.id}
      className={cx('flex max-h-[45%] flex-col border-t border-line', isFrame && 'min-h-40')}
    >
      <div className="flex items-center gap-2 px-3 py-1 text-12 text-muted">
        <span className="mr-auto truncate">
          <span className="font-medium text-text">{entry.label}</span>
          {isFrame && ` · ${t(entry.kind === 'in' ? 'in' : 'out')}`}
          {` · ${t(entry.transport)} · `}
          <time dateTime={exactTime(entry.atMs)} title={exactTime(entry.atMs)} className="figures">
            {clockTime(entry.atMs)}
          </time>
          {isFrame && ` · ${t('bytes', { count: entry.bytes })}`}
        </span>
        {isFrame && (
          <button
            type="button"
            aria-pressed={isPretty}
            onClick={() => setIsPretty(!isPretty)}
            className={cx('h-6 rounded-4 px-2 hover:bg-raised', isPretty && 'bg-raised text-text')}
          >
            {t('pretty')}
          </button>
        )}
        {isFrame && <CopyButton key={entry.id} text={text} />}
        <IconButton icon={X} label={t('closeEntry')} onClick={onClose} />
      </div>
      {isFrame ? (
        <pre className="min-h-0 flex-1 overflow-auto px-3 pb-2 font-mono text-12 break-all whitespace-pre-wrap">
          {text}
        </pre>
      ) : (
        <p className="px-3 pb-3 text-13">
          <EventMeaning entry={entry} />
        </p>
      )}
    </div>
  )
}

function EventMeaning({ entry }: { entry: Recorded }) {
  const t = useTranslations('inspect')
  if (entry.kind === 'close') return <CloseMeaning text={entry.text} />
  return (
    <>
      {t(entry.kind === 'open' ? 'opened' : 'failed')} {entry.text}
    </>
  )
}

const COPIES = { copy: Copy, copied: Check, notCopied: X }

function CopyButton({ text }: { text: string }) {
  const t = useTranslations('inspect')
  const [state, setState] = useState<keyof typeof COPIES>('copy')
  const copy = () =>
    copyText(text).then(
      () => setState('copied'),
      () => setState('notCopied'),
    )
  return <IconButton icon={COPIES[state]} label={t(state)} onClick={() => void copy()} />
}

/** JSON with its columns of integers on one line each; other text as it is. */
function prettyText(text: string): string {
  try {
    const laidOut = JSON.stringify(JSON.parse(text), null, 2)
    return laidOut.replace(/\[[\s\d,-]+\]/g, (column) => column.replace(/\s+/g, ' '))
  } catch {
    return text
  }
}
