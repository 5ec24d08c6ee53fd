// One figure of a success rate as people read it; nothing where there is nothing to say.
'use client'
import type { Figures } from '#lib/samples/contract.ts'
import { NOTHING, roundTrip, successPercent } from '../_charts/figures.ts'
import { useDuration } from '../_charts/use-age.ts'
import type { RateColumn } from './rate-order.ts'

/** The share as it may be told: never rounded up to 100 %, grey where it is no news. */
export function RateCell({ column, figures }: { column: RateColumn; figures: Figures }) {
  const value = figures[column]
  if (value === null) return <span className="text-faint">{NOTHING}</span>
  switch (column) {
    case 'success_rate':
      return <Share of={figures.received} in={figures.sent} />
    case 'coverage':
      return <Share of={figures.sent} in={figures.sent + figures.not_measured} />
    case 'longest_outage_seconds':
      return value === 0 ? <span className="text-faint">0</span> : <Time ms={value * 1000} />
    case 'sent':
    case 'received':
    case 'lost':
    case 'not_measured':
      return (
        <span className={value === 0 ? 'text-faint' : undefined}>{value.toLocaleString('en')}</span>
      )
    default:
      return <RoundTrip us={value * 1000} />
  }
}

export function Share({ of, in: all }: { of: number; in: number }) {
  const percent = successPercent(of, all)
  return (
    <span className={percent === '100' ? 'text-muted' : undefined}>
      {percent === NOTHING ? percent : `${percent} %`}
    </span>
  )
}

function RoundTrip({ us }: { us: number }) {
  const { value, unit } = roundTrip(us)
  return (
    <>
      {value} <span className="text-12 text-faint">{unit}</span>
    </>
  )
}

function Time({ ms }: { ms: number }) {
  return useDuration(ms)
}
