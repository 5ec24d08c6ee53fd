// One target's results for its strip: nearly a rhythm, so that few digits hold them.
import { z } from 'zod'

/** Result i of target `n` left at `at + i * step + d[i]` ms and took `v[i]`, as in `SampleColumns`. */
export const StripColumns = z.strictObject({
  n: z.int(),
  at: z.int(),
  step: z.int(),
  d: z.array(z.int()),
  v: z.array(z.int()),
})
export type StripColumns = z.infer<typeof StripColumns>

/** `at` in ms, ascending; `v` as it is. The step is their rhythm. */
export function toStripColumns({
  n,
  at,
  v,
}: {
  n: number
  at: number[]
  v: number[]
}): StripColumns {
  const start = at[0] ?? 0
  const step = rhythmOf(at)
  return { n, at: start, step, d: at.map((time, i) => time - start - i * step), v }
}

/** Calls back with time and value of each result, in their order. */
export function eachResult(
  { at, step, d, v }: StripColumns,
  take: (atMs: number, us: number) => void,
): void {
  for (const [i, us] of v.entries()) take(at + i * step + (d[i] ?? 0), us)
}

// The mean distance of neighbours, where one several times as long as most counts as several.
function rhythmOf(at: number[]): number {
  const distances = at.slice(1).map((time, i) => time - (at[i] ?? 0))
  const usual = distances.toSorted((a, b) => a - b)[distances.length >> 1]
  if (usual === undefined) return 0
  const steps = distances.reduce((sum, distance) => sum + Math.round(distance / usual), 0)
  return Math.round(((at.at(-1) ?? 0) - (at[0] ?? 0)) / steps)
}
