// How samples travel: columns of integers, small on the wire and quick to merge.
import { z } from 'zod'

/** Sample i belongs to target number `n[i]`, left at `at + d[i]` ms, and took `v[i]` µs or is an outcome code. */
export const SampleColumns = z.strictObject({
  at: z.int(),
  n: z.array(z.int()),
  d: z.array(z.int()),
  v: z.array(z.int()),
})
export type SampleColumns = z.infer<typeof SampleColumns>

/** No sample at all; `at` is then without meaning. */
export const noSamples = (at: number): SampleColumns => ({ at, n: [], d: [], v: [] })
