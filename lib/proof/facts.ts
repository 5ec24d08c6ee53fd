// Everything a proof pack says of its window, but for the single results.
import type { Config } from '#lib/config.ts'
import type { Mark } from '#lib/marks/contract.ts'
import type { Figures, FloorPoint, Outage } from '#lib/samples/contract.ts'
import type { Bucket } from '#lib/samples/history-contract.ts'
import type { ProofRun } from './runs.ts'

/** The measuring program of itself: the median and most of its round trips to itself, and the rest summed up. */
export type FloorFigures = {
  median_ms: number
  max_ms: number
  lateness_ms: number
  echoes: number
  overdue: number
  unsent: number
}

export type Facts = {
  target: { id: string; host: string; label: string }
  group: { id: string; name: string }
  from: string
  to: string
  time_zone: string
  made_at: string
  made_by: { employee_no: string; name: string }
  installation: Config['BASE_URL']
  software: string
  figures: Figures
  /** The first moment whose single results are kept; null where all of the window's are. */
  single_results_since: string | null
  runs: ProofRun[]
  floor: FloorFigures | null
  marks: Mark[]
}

/** What else the pages of a pack show. */
export type Shown = {
  facts: Facts
  outages: Outage[]
  areAllOutages: boolean
  buckets: Bucket[]
  bucketSeconds: number
}

/** Null where nothing was read. */
export function floorFiguresOf(points: readonly FloorPoint[]): FloorFigures | null {
  const medians = points.flatMap(({ median_ms }) => median_ms ?? []).sort((a, b) => a - b)
  const median_ms = medians[(medians.length - 1) >> 1]
  if (median_ms === undefined) return null
  const sum = (name: 'echoes' | 'overdue' | 'unsent') =>
    points.reduce((total, point) => total + point[name], 0)
  return {
    median_ms,
    max_ms: points.reduce((most, point) => Math.max(most, point.max_ms ?? 0), 0),
    lateness_ms: points.reduce((most, point) => Math.max(most, point.lateness_ms), 0),
    echoes: sum('echoes'),
    overdue: sum('overdue'),
    unsent: sum('unsent'),
  }
}
