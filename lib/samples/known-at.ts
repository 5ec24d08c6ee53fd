// When an echo's end was known: by this a wall of the past shows what the live one did.
import { OUTCOME } from '#lib/vocabulary.ts'

/** In ms since 1970: an answer when it came, a loss when its timeout was over. */
export function knownAtMs(atMs: number, us: number, timeoutMs: number): number {
  if (us >= 0) return atMs + us / 1000
  return us === OUTCOME.lost ? atMs + timeoutMs : atMs
}
