// What the world sees of samples: columns on the wire, figures, outages, the floor.
import { z } from 'zod'
import { pageLimit } from '#lib/page.ts'

/** Whole numbers, checked in one go: zod would visit each of thousands a second. */
export const Column = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every(Number.isInteger),
)

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
export const Moment = z.iso
  .datetime({
    offset: true,
    error: 'an ISO 8601 time with its zone, such as 2026-01-31T08:00:00Z (in a URL + is %2B)',
  })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= FIRST_MS, 'a time after the beginning of the year 1')

/** The longest window that can be asked for. */
export const MAX_RANGE_SECONDS = 3 * YEAR_SECONDS

export const WHOLE_SECONDS = `whole seconds, from 1 to ${MAX_RANGE_SECONDS} (3 years)`

/** A number of them out of a query. */
export const Seconds = z
  .string(WHOLE_SECONDS)
  .regex(/^[0-9]{1,9}$/, WHOLE_SECONDS)
  .transform(Number)
  .refine((seconds) => seconds >= 1 && seconds <= MAX_RANGE_SECONDS, WHOLE_SECONDS)

/** The window [floor_time, floor_time + time_range); without `floor_time` the one that ends now. */
export const RateWindow = z.strictObject({
  floor_time: Moment.optional(),
  time_range: Seconds.default(120),
  /** Of this target alone, the group's figures being its own. */
  target_id: z.uuid().toLowerCase().optional(),
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

/** The window [from, to); without `to` until now, without `from` a usual while before that. */
export const Window = z.strictObject({ from: Moment.optional(), to: Moment.optional() })
export type Window = z.infer<typeof Window>

export const OutagePage = Window.extend({
  /** The beginning of the last outage seen. */
  cursor: Moment.optional(),
  limit: pageLimit({ most: 1_000, fallback: 100 }),
})
export type OutagePage = z.infer<typeof OutagePage>

/** What an echo that was not answered met. */
export const LossKind = z.enum(['lost', 'unreachable', 'ttl_exceeded', 'no_such_name'])
export type LossKind = z.infer<typeof LossKind>

/**
 * A time in which a target answered nothing, from the first of three or more losses in a row, as far
 * as the target ran in it. What it met is null where it began before the target ran.
 */
export const Outage = z.strictObject({
  started_at: z.iso.datetime(),
  /** Null while it goes on. */
  ended_at: z.iso.datetime().nullable(),
  /** `stop`: nobody knows if it went on, as the target was stopped or given other parameters. */
  ended_by: z.enum(['answer', 'stop']).nullable(),
  kind: LossKind.nullable(),
  /** What ICMP told: the code of "unreachable" (RFC 792, RFC 4443), and who said so. */
  error: z.strictObject({ code: z.int().nullable(), from: z.string() }).nullable(),
  /** The way that echoes took soon after it began; `from` is null where nobody answered. */
  path: z
    .array(z.strictObject({ ttl: z.int(), from: z.string().nullable(), code: z.int().optional() }))
    .nullable(),
})
export type Outage = z.infer<typeof Outage>

/**
 * What the workers measured of themselves from `at` on, `step_seconds` long: of several the worst.
 * No round trip is known better than `median_ms`, and no time of sending than `lateness_ms`.
 */
export const FloorPoint = z.strictObject({
  at: z.iso.datetime(),
  /** Round trips to itself; null where it heard nothing of itself. */
  median_ms: quantity,
  max_ms: quantity,
  lateness_ms: z.number().nonnegative(),
  /** Of its echoes to itself. */
  sent: z.int(),
  received: z.int(),
  /** Of all its echoes: how many left, how many more than 10 ms late, how many not at all. */
  echoes: z.int(),
  overdue: z.int(),
  unsent: z.int(),
  /** Answers thrown away for want of room. */
  receive_drops: z.int(),
})
export type FloorPoint = z.infer<typeof FloorPoint>

/** Points only of times in which something was pinged, the oldest first. */
export const Floor = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  step_seconds: z.int(),
  points: z.array(FloorPoint),
})
export type Floor = z.infer<typeof Floor>
