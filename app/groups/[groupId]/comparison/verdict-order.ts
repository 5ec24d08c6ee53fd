// The order of compared addresses: what needs a look comes first.
import type { ComparedTarget, Verdict } from '#lib/comparison/contract.ts'

const ORDER: Verdict[] = ['worse', 'better', 'unknown', 'unchanged']

/** By verdict; of equal ones those that lost most more, then those whose p95 changed most. */
export function inOrder(targets: readonly ComparedTarget[]): ComparedTarget[] {
  return targets.toSorted(
    (a, b) =>
      ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) ||
      Math.abs(b.change.success_rate ?? 0) - Math.abs(a.change.success_rate ?? 0) ||
      Math.abs(b.change.p95_ms ?? 0) - Math.abs(a.change.p95_ms ?? 0),
  )
}
