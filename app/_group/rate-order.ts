// The columns of a table of success rates, and the order of its rows.
import type { TargetFigures } from '#lib/samples/contract.ts'

export const RATE_COLUMNS = [
  'success_rate',
  'coverage',
  'sent',
  'received',
  'lost',
  'not_measured',
  'longest_outage_seconds',
  'min_ms',
  'avg_ms',
  'p50_ms',
  'p95_ms',
  'p99_ms',
  'max_ms',
  'jitter_ms',
] as const
export type RateColumn = (typeof RATE_COLUMNS)[number]

/** One target's figures, and how its group calls it. */
export type RatedTarget = TargetFigures & { label: string }

export type RateOrder = { column: RateColumn | 'host'; isDescending: boolean }

/** Where more is better, the worst has the least. */
const WORST_IS_LEAST = ['host', 'success_rate', 'coverage', 'sent', 'received']

export const WORST_FIRST: RateOrder = { column: 'success_rate', isDescending: false }

/** The order as a URL holds it: `-p95_ms` has the most first. */
export function readOrder(parameters: Pick<URLSearchParams, 'get'>): RateOrder {
  const [, minus, name] = /^(-?)(\w+)$/.exec(parameters.get('sort') ?? '') ?? []
  const column = (['host', ...RATE_COLUMNS] as const).find((known) => known === name)
  return column ? { column, isDescending: minus === '-' } : WORST_FIRST
}

export function writeOrder({ column, isDescending }: RateOrder): { sort: string | null } {
  const isFirst = column === WORST_FIRST.column && isDescending === WORST_FIRST.isDescending
  return { sort: isFirst ? null : `${isDescending ? '-' : ''}${column}` }
}

/** After a column's heading was chosen: its worst first, and the other way round the second time. */
export function nextOrder(order: RateOrder, column: RateOrder['column']): RateOrder {
  if (order.column === column) return { column, isDescending: !order.isDescending }
  return { column, isDescending: !WORST_IS_LEAST.includes(column) }
}

const byName = new Intl.Collator('en', { numeric: true })

/** The rows in that order; those without a figure come last, equal ones stay as they were. */
export function sortRates<Row extends TargetFigures>(
  rows: readonly Row[],
  order: RateOrder,
): Row[] {
  const { column, isDescending } = order
  const turn = isDescending ? -1 : 1
  return rows.toSorted((a, b) => {
    if (column === 'host') return turn * byName.compare(a.host, b.host)
    const [of, than] = [a[column], b[column]]
    if (of === null || than === null) return Number(of === null) - Number(than === null)
    return turn * (of - than)
  })
}
