// How samples travel: columns of integers, small on the wire and quick to merge.
import { z } from 'zod'

/** Whole numbers, checked in one go: zod would visit each of thousands a second. */
const Column = z.custom<number[]>((value) => Array.isArray(value) && value.every(Number.isInteger))

/** Sample i belongs to target number `n[i]`, left at `at + d[i]` ms, and took `v[i]` µs or is an outcome code. */
export const SampleColumns = z.strictObject({
  at: z.int(),
  n: Column,
  d: Column,
  v: Column,
})
export type SampleColumns = z.infer<typeof SampleColumns>

/** No sample at all; `at` is then without meaning. */
export const noSamples = (at: number): SampleColumns => ({ at, n: [], d: [], v: [] })

/** Where counts stand for results, so few losses are told one by one. */
export const FEW_LOSSES = 3
