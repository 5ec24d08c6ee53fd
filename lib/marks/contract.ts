// What the world sees of marks: moments at which somebody changed something.
import { z } from 'zod'
import { Person } from '#lib/accounts/contract.ts'
import { Moment } from '#lib/samples/contract.ts'
import { Id, InGroup, oneLine } from '#lib/targets/contract.ts'
import { LENGTHS } from '#lib/vocabulary.ts'

/** So many marks a group has at most; they are all told at once. */
export const MOST_MARKS = 1_000

export const Mark = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  text: z.string(),
  made_by: Person,
  made_at: z.iso.datetime(),
})
export type Mark = z.infer<typeof Mark>

export const Marks = z.strictObject({ items: z.array(Mark), next_cursor: z.null() })
export type Marks = z.infer<typeof Marks>

export const NewMark = z.strictObject({
  /** Made by the browser (UUIDv7), so that repeating the request changes nothing. */
  id: Id.optional(),
  /** Now unless given; what is planned may lie ahead. */
  at: Moment.optional(),
  text: oneLine(LENGTHS.mark).min(1),
})
export type NewMark = z.infer<typeof NewMark>

export const InMark = InGroup.extend({ markId: Id })
export type InMark = z.infer<typeof InMark>

export const RestoreMarks = z.strictObject({ mark_ids: z.array(Id).min(1).max(MOST_MARKS) })
export type RestoreMarks = z.infer<typeof RestoreMarks>
