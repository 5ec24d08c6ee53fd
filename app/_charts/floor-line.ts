// The floor of what can be believed, laid over the places of a chart.
import type { Floor } from '#lib/samples/contract.ts'

/** For each time, ascending: the round trip of the worker to itself then, in ms; null where unknown. */
export function floorAt(floor: Floor | undefined, times: readonly number[]): (number | null)[] {
  const points = floor?.points ?? []
  const stepMs = (floor?.step_seconds ?? 0) * 1000
  let next = 0
  return times.map((time) => {
    while (next < points.length && Date.parse(points[next]?.at ?? '') <= time) next += 1
    const point = points[next - 1]
    // A reading is written once it is over: the newest stands a little longer than its step.
    const isNear = point !== undefined && time < Date.parse(point.at) + 2 * stepMs
    return isNear ? point.median_ms : null
  })
}
