// What the world sees of a wall's past: a group at a moment, and what then happened in it.
import { z } from 'zod'
import { MyGroup } from '#lib/groups/contract.ts'
import { Moment, SampleColumns } from '#lib/samples/contract.ts'
import { StripColumns } from '#lib/samples/strip-columns.ts'
import { InGroup, LiveTarget } from '#lib/targets/contract.ts'
import { GroupEvent } from './protocol.ts'

export const PastMoment = InGroup.extend({
  at: Moment,
  /** The number of the last target whose strip was told. */
  cursor: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(0),
})
export type PastMoment = z.infer<typeof PastMoment>

/** The group as the wall showed it at `at`: its results are those whose end was known by then. */
export const PastGroup = z.strictObject({
  at: z.iso.datetime(),
  /** Null while it was not there. */
  group: MyGroup.nullable(),
  /** In the order of the wall; in the first page alone. */
  targets: z.array(LiveTarget),
  /** From here on no stored result is missing. */
  complete_from: z.iso.datetime(),
  /** The last 120 results of each target, of two hours at most; of many targets page by page. */
  strips: z.array(StripColumns),
  next_cursor: z.string().nullable(),
})
export type PastGroup = z.infer<typeof PastGroup>
export type WrittenPast = z.input<typeof PastGroup>

/** The longest stretch that is told at once. */
export const MOST_STRETCH_MS = 300_000

export const PastStretch = InGroup.extend({ from: Moment, to: Moment })
export type PastStretch = z.infer<typeof PastStretch>

/**
 * What happened in (from, to], in the words of the live connection: the results that became known in
 * it, and how group and targets changed. `to` may come before what was asked for; ask on from there.
 */
export const PastEvents = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  samples: SampleColumns,
  events: z.array(z.strictObject({ at: z.iso.datetime(), event: GroupEvent })),
})
export type PastEvents = z.infer<typeof PastEvents>
export type WrittenPastEvents = z.input<typeof PastEvents>
