// The four events of a WebSocket, each lit as it happens.
'use client'
import { useTranslations } from 'next-intl'
import type { LiveRecord, RecordedKind } from '../_data/live-record.ts'
import { cx } from '../_ui/class-names.ts'
import { Panel } from './panel.tsx'
import { clockTime } from './recorded-time.ts'
import { useRecord } from './use-record.ts'

const EVENTS: { name: string; kind: RecordedKind; colour: string }[] = [
  { name: 'open', kind: 'open', colour: 'text-answering' },
  { name: 'message', kind: 'in', colour: 'text-answering' },
  { name: 'error', kind: 'error', colour: 'text-lossy' },
  { name: 'close', kind: 'close', colour: 'text-slow' },
]

export function EventLamps({ record }: { record: LiveRecord }) {
  const t = useTranslations('inspect')
  useRecord(record)
  return (
    <Panel title={t('events')}>
      <ul className="grid grid-cols-2 gap-2 p-2">
        {EVENTS.map(({ name, kind, colour }) => {
          const { count, lastMs } = record.happened(kind)
          return (
            <li
              key={name}
              data-event={name}
              data-count={count}
              className="flex items-center gap-2 rounded-4 bg-raised px-2 py-1.5"
            >
              {/* A new element for each time: its glow begins anew. */}
              <span
                key={count}
                className={cx(colour, count > 0 && 'rounded-4 motion-safe:animate-glow')}
              >
                <span
                  className={cx(
                    'block size-2 rounded-full',
                    count > 0 ? 'bg-current' : 'border border-line-strong',
                  )}
                />
              </span>
              <span className="min-w-0">
                <span className="block font-mono text-12">{name}</span>
                <span className="figures block text-12 text-muted">
                  {t('happened', { count, time: clockTime(lastMs) })}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
