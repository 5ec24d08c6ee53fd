// What is asked of a proof pack: which window of a target, in whose time zone and language.
import { z } from 'zod'
import { LOCALES } from '#lib/language/locale.ts'
import { Window } from '#lib/samples/contract.ts'

export const MOST_PROOF_DAYS = 31
export const MOST_PROOF_ROWS = 1_000_000

const TimeZone = z.string().max(60).refine(isTimeZone, 'a time zone, such as Asia/Shanghai')

/** Without a window the last hour. */
export const ProofWindow = Window.extend({
  time_zone: TimeZone.default('UTC'),
  /** That of the reader unless given. */
  locale: z.enum(LOCALES).optional(),
})
export type ProofWindow = z.infer<typeof ProofWindow>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // A RangeError is the only way in which Intl tells of an unknown zone.
    return false
  }
}
