// An outcome as one number, as it is stored: the round trip in µs, or a code below zero.
import { OUTCOME } from '#lib/vocabulary.ts'
import type { Outcome } from './prober.ts'

export function codeOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'reply':
      return Math.max(0, Math.round(outcome.rttUs))
    case 'lost':
      return OUTCOME.lost
    case 'unreachable':
      return OUTCOME.unreachable
    case 'ttl-exceeded':
      return OUTCOME.ttlExceeded
    case 'no-such-name':
      return OUTCOME.noSuchName
  }
}
