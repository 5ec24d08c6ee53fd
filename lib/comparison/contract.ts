// What the world sees of a comparison: two windows of a group, and each target in both.
import { z } from 'zod'
import { Figures, Moment, Seconds } from '#lib/samples/contract.ts'

/**
 * Either `at` (the window of `seconds` that ends there against the one that begins there; without it
 * the last `seconds` against those before), or all four edges of two windows of any length.
 */
export const ComparisonWindow = z.strictObject({
  at: Moment.optional(),
  seconds: Seconds.default(3_600),
  before_from: Moment.optional(),
  before_to: Moment.optional(),
  after_from: Moment.optional(),
  after_to: Moment.optional(),
})
export type ComparisonWindow = z.infer<typeof ComparisonWindow>

/** Of the later window against the earlier one; `unknown`: too little was measured to tell. */
export const Verdict = z.enum(['worse', 'better', 'unchanged', 'unknown'])
export type Verdict = z.infer<typeof Verdict>

const verdicts = {
  /** By the share of losses where that changed, else by the median, else by p95. */
  verdict: Verdict,
  verdicts: z.strictObject({ loss: Verdict, p50: Verdict, p95: Verdict }),
}

const difference = z.number().nullable()

/** After minus before; null where either of them is. */
export const Change = z.strictObject({
  success_rate: difference,
  p50_ms: difference,
  p95_ms: difference,
})
export type Change = z.infer<typeof Change>

/** A part of a window, for a chart: round trips of all compared targets together. */
const Block = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  sent: z.int(),
  lost: z.int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
})
export type Block = z.infer<typeof Block>

const ComparedWindow = z.strictObject({
  from: z.iso.datetime(),
  /** Now where the window reaches beyond. */
  to: z.iso.datetime(),
  ...Figures.shape,
  /** Those in which anything was measured. */
  blocks: z.array(Block),
})
export type ComparedWindow = z.infer<typeof ComparedWindow>

export const ComparedTarget = z.strictObject({
  id: z.uuid(),
  host: z.string(),
  label: z.string(),
  ...verdicts,
  before: Figures,
  after: Figures,
  change: Change,
})
export type ComparedTarget = z.infer<typeof ComparedTarget>

/**
 * The figures of both windows are those of all present targets. Verdicts, change and blocks of the
 * group are of those `compared`: what was measured in one window alone would pass for a change.
 */
export const Comparison = z.strictObject({
  at: z.iso.datetime().nullable(),
  before: ComparedWindow,
  after: ComparedWindow,
  ...verdicts,
  change: Change,
  /** How many targets were measured in both windows. */
  compared: z.int(),
  counts: z.record(Verdict, z.int()),
  /** The workers' round trip to themselves, in the worse window: no smaller change is believed. */
  floor_ms: z.number().nullable(),
  /** In the order of the wall. */
  targets: z.array(ComparedTarget),
})
export type Comparison = z.infer<typeof Comparison>
