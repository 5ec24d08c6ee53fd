// What the bar under the pointer says: the exact time with its zone, and the value.
'use client'
import { useLocale, useTranslations } from 'next-intl'
import { createPortal } from 'react-dom'
import { OUTCOME } from '#lib/vocabulary.ts'
import { roundTrip } from './figures.ts'
import { NOTHING_THERE, UNMEASURED } from './strip-slots.ts'

export type Pointed = { us: number; at: number; left: number; top: number }

/** Stands over the page, so that no card cuts it off. */
export function StripReadout({ us, at, left, top }: Pointed) {
  const t = useTranslations('row')
  const locale = useLocale()
  const moment = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  const { value, unit } = us >= 0 ? roundTrip(us) : { value: t(wordOf(us)), unit: '' }
  return createPortal(
    <div
      style={{ left, top }}
      className="figures pointer-events-none fixed z-30 -translate-x-1/2 -translate-y-full rounded-4 border border-line-strong bg-raised px-2 py-0.5 text-12 whitespace-nowrap"
    >
      <b className="font-medium">
        {value} {unit}
      </b>{' '}
      <span className="text-muted">{moment.format(at)}</span>
    </div>,
    document.body,
  )
}

function wordOf(us: number) {
  if (us === UNMEASURED) return 'slotUnmeasured'
  if (us === NOTHING_THERE) return 'slotNothing'
  if (us === OUTCOME.unreachable) return 'unreachable'
  if (us === OUTCOME.ttlExceeded) return 'ttlExceeded'
  return us === OUTCOME.noSuchName ? 'noSuchName' : 'lost'
}
