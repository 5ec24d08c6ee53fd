// What the world sees of a target's history: each echo, or buckets of them.
import { z } from 'zod'
import { Figures, LossKind, Seconds, WHOLE_SECONDS, Window } from './contract.ts'

/** Nothing answers with more points than this, unless single results were asked for. */
export const MAX_POINTS = 2_000

const Resolution = z.union(
  [z.enum(['auto', 'raw']), Seconds],
  `auto, raw, or a bucket's ${WHOLE_SECONDS}`,
)

/**
 * `resolution` is `raw` (each result), a bucket's width in seconds, or `auto`: each result where
 * they are few, else buckets.
 */
export const HistoryWindow = Window.extend({
  resolution: Resolution.default('auto'),
})
export type HistoryWindow = z.infer<typeof HistoryWindow>

/** The same for a file, which holds each result unless buckets are asked for. */
export const ExportWindow = HistoryWindow.extend({ resolution: Resolution.default('raw') })

/** One echo: when it left, and how it ended; `rtt_ms` is null unless a reply came. */
export const MeasuredEcho = z.strictObject({
  at: z.iso.datetime(),
  rtt_ms: z.number().nonnegative().nullable(),
  outcome: z.enum(['reply', ...LossKind.options]),
})
export type MeasuredEcho = z.infer<typeof MeasuredEcho>

/** What was sent in the bucket that begins at `at`; buckets in which nothing was due are left out. */
export const Bucket = z.strictObject({ at: z.iso.datetime(), ...Figures.shape })
export type Bucket = z.infer<typeof Bucket>

const history = {
  target: z.strictObject({ id: z.uuid(), host: z.string(), label: z.string() }),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
}

/** What was measured of one target, oldest first. */
export const History = z.discriminatedUnion('resolution', [
  z.strictObject({
    ...history,
    resolution: z.literal('raw'),
    bucket_seconds: z.null(),
    items: z.array(MeasuredEcho),
    next_cursor: z.null(),
  }),
  z.strictObject({
    ...history,
    resolution: z.literal('buckets'),
    bucket_seconds: z.int(),
    items: z.array(Bucket),
    next_cursor: z.null(),
  }),
])
export type History = z.infer<typeof History>
