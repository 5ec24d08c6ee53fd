// What the world sees of a wall's past: its cards at a moment, and when it went dark.
import { z } from 'zod'
import { pageLimit } from '#lib/page.ts'
import { Moment } from '#lib/samples/contract.ts'

export const WallMoment = z.strictObject({ at: Moment })
export type WallMoment = z.infer<typeof WallMoment>

/** The groups of the cards in their order. They stood so until `until`; null: until now. */
export const PastCards = z.strictObject({
  at: z.iso.datetime(),
  /** Single results are kept from here on: no wall is shown of an earlier time. */
  kept_from: z.iso.datetime(),
  items: z.array(z.strictObject({ id: z.uuid() })),
  until: z.iso.datetime().nullable(),
})
export type PastCards = z.infer<typeof PastCards>

/**
 * Outages of the groups on my wall: those that a window touches, the newest first; or those that the
 * wall showed for the first time `after` a moment, the oldest first, or `before` it, the newest first.
 */
export const WallOutages = z
  .strictObject({
    from: Moment.optional(),
    to: Moment.optional(),
    after: Moment.optional(),
    before: Moment.optional(),
    limit: pageLimit({ most: 1_000, fallback: 100 }),
  })
  .refine(
    ({ from, to, after, before }) =>
      [from && to, after, before].filter(Boolean).length === 1 && !from === !to,
    'give `from` and `to`, or `after`, or `before`',
  )
export type WallOutages = z.infer<typeof WallOutages>

export const WallOutage = z.strictObject({
  group_id: z.uuid(),
  target_id: z.uuid(),
  host: z.string(),
  label: z.string(),
  /** When the first lost echo left. */
  started_at: z.iso.datetime(),
  /** When the wall showed the row dark: the third loss was known. */
  dark_at: z.iso.datetime(),
  /** Null while it goes on. */
  ended_at: z.iso.datetime().nullable(),
})
export type WallOutage = z.infer<typeof WallOutage>
