// What the world sees of samples: columns of integers on the wire, and figures of a window.
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

const YEAR_SECONDS = 365 * 86_400
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z')

/** A time of the years 1 to 9999, which are PostgreSQL's too, in whole milliseconds. */
const Moment = z.iso
  .datetime({
    offset: true,
    error: 'an ISO 8601 time with its zone, such as 2026-01-31T08:00:00Z (in a URL + is %2B)',
  })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= FIRST_MS, 'a time after the beginning of the year 1')

const TIME_RANGE = { most: 3 * YEAR_SECONDS, fallback: 120 }
const wholeSeconds = `whole seconds, from 1 to ${TIME_RANGE.most} (3 years)`

/** The window [floor_time, floor_time + time_range); without `floor_time` the one that ends now. */
export const RateWindow = z.strictObject({
  floor_time: Moment.optional(),
  time_range: z
    .string(wholeSeconds)
    .regex(/^[0-9]{1,9}$/, wholeSeconds)
    .transform(Number)
    .refine((seconds) => seconds >= 1 && seconds <= TIME_RANGE.most, wholeSeconds)
    .default(TIME_RANGE.fallback),
})
export type RateWindow = z.infer<typeof RateWindow>

const share = z.number().min(0).max(1).nullable()
const quantity = z.number().nonnegative().nullable()

/**
 * What a window holds. `sent` = `received` + `lost`. `not_measured` echoes were due and have no
 * result; `coverage` is sent / (sent + not_measured), null where nothing was due. Everything below
 * is null where nothing was sent, round trips where nothing was answered. Percentiles are nearest
 * ranks, jitter the mean absolute difference of consecutive round trips of a target.
 */
const figures = {
  sent: z.int(),
  received: z.int(),
  lost: z.int(),
  not_measured: z.int(),
  success_rate: share,
  coverage: share,
  longest_outage_seconds: quantity,
  min_ms: quantity,
  avg_ms: quantity,
  max_ms: quantity,
  p50_ms: quantity,
  p95_ms: quantity,
  p99_ms: quantity,
  jitter_ms: quantity,
}
export const Figures = z.strictObject(figures)
export type Figures = z.infer<typeof Figures>

export const TargetFigures = z.strictObject({ id: z.uuid(), host: z.string(), ...figures })
export type TargetFigures = z.infer<typeof TargetFigures>

/** How well a group answered, and each of its present targets in the order of the wall. */
export const SuccessRate = z.strictObject({
  floor_time: z.iso.datetime(),
  time_range: z.int(),
  ...figures,
  targets: z.array(TargetFigures),
})
export type SuccessRate = z.infer<typeof SuccessRate>
