// The rows of a card in their order: dark ones first, then as the person ordered them.
import type { LiveTarget } from '#lib/targets/contract.ts'
import type { Standing } from '#lib/targets/health.ts'

/** The states one may ask for, in the order of the wall's chips. */
export const SHOWN = ['all', 'dark', 'lossy', 'slow', 'stopped'] as const
export type Shown = (typeof SHOWN)[number]
export type RowFilter = { query: string; show: Shown }

/** A group's name that matches the search shows all of its rows. */
export function arrangeRows(
  group: { name: string },
  targets: readonly LiveTarget[],
  standings: ReadonlyMap<string, Standing>,
  { query, show }: RowFilter,
): LiveTarget[] {
  const wanted = query.trim().toLowerCase()
  const isNamed = group.name.toLowerCase().includes(wanted)
  const standingOf = ({ id }: LiveTarget) => standings.get(id) ?? 'unmeasured'
  const rows = targets.filter(
    (target) =>
      (show === 'all' || standingOf(target) === show) && (isNamed || isFound(target, wanted)),
  )
  const dark = rows.filter((target) => standingOf(target) === 'dark')
  if (dark.length === 0) return rows
  return [...dark, ...rows.filter((target) => standingOf(target) !== 'dark')]
}

function isFound({ host, label }: LiveTarget, wanted: string): boolean {
  return host.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted)
}
