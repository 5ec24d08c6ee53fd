// The word for each outcome code of a lost echo.
import { OUTCOME } from '#lib/vocabulary.ts'
import type { LossKind } from './contract.ts'

const KINDS = new Map<number, LossKind>([
  [OUTCOME.lost, 'lost'],
  [OUTCOME.unreachable, 'unreachable'],
  [OUTCOME.ttlExceeded, 'ttl_exceeded'],
  [OUTCOME.noSuchName, 'no_such_name'],
])

/** Undefined for a round trip. */
export function lossKindOf(code: number): LossKind | undefined {
  return KINDS.get(code)
}
