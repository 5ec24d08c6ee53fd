import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FEW_LOSSES } from '#lib/samples/contract.ts'
import { healthOf, tellingResults } from '#lib/targets/health.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import { evidenceOf } from '../../app/_data/row-evidence.ts'
import { createRing, insertSample } from '../../app/_data/sample-ring.ts'

const NOW = 1_000_000
const WINDOW = 120

const windowAt = (nowMs: number) => ({
  fromMs: nowMs - WINDOW * 1_000,
  overdueMs: nowMs - 3_000,
  intervalMs: 1_000,
})

/** One result a second, the last of `before` at `NOW`; `known` says which of these are here. */
function ringOf(before: number[], after: number[], known = (_i: number) => true) {
  const ring = createRing()
  for (const [i, us] of before.entries()) {
    if (known(i)) insertSample(ring, NOW - (before.length - 1 - i) * 1_000, us)
  }
  for (const [i, us] of after.entries()) insertSample(ring, NOW + (i + 1) * 1_000, us)
  return ring
}

const everything = (before: number[], after: number[]) => ({ ring: ringOf(before, after) })

/** What a snapshot of last results brings of `before`, and all that came since. */
function lastOnes(before: number[], after: number[]) {
  const lost = before.filter((us) => us < 0).length
  const firstTold = before.length - tellingResults(before)
  const isFew = lost <= FEW_LOSSES
  const isHere = (i: number) => i >= firstTold || (isFew && (before[i] ?? 0) < 0)
  const tally = { upToMs: NOW, sent: before.length, lost }
  return { ring: ringOf(before, after, isHere), tally }
}

const quick = fc.integer({ min: 50, max: 900 })
const slow = fc.integer({ min: 200_000, max: 900_000 })
const lost = fc.constantFrom(OUTCOME.lost, OUTCOME.unreachable)
const results = (min: number, max: number, losses: number) =>
  fc.array(
    fc.oneof(
      { weight: 40, arbitrary: quick },
      { weight: 5, arbitrary: slow },
      { weight: losses, arbitrary: lost },
    ),
    { minLength: min, maxLength: max },
  )

describe('a row whose strip was not sent', () => {
  it('stands as it would with every result, and counts the same', () => {
    fc.assert(
      fc.property(fc.oneof(results(1, WINDOW, 1), results(1, WINDOW, 30)), (before) => {
        const whole = evidenceOf(everything(before, []), windowAt(NOW + 500))
        const told = evidenceOf(lastOnes(before, []), windowAt(NOW + 500))
        expect(healthOf(told)).toBe(healthOf(whole))
        expect([told.sent, told.received]).toEqual([whole.sent, whole.received])
      }),
    )
  })

  it('goes on as it would with every result while few were lost', () => {
    const few = results(1, WINDOW, 1).filter(
      (before) => before.filter((us) => us < 0).length <= FEW_LOSSES,
    )
    fc.assert(
      fc.property(few, results(0, 2 * WINDOW, 3), (before, after) => {
        const window = windowAt(NOW + after.length * 1_000 + 500)
        const whole = evidenceOf(everything(before, after), window)
        const told = evidenceOf(lastOnes(before, after), window)
        expect(healthOf(told)).toBe(healthOf(whole))
        expect([told.sent, told.received]).toEqual([whole.sent, whole.received])
      }),
    )
  })

  it('guesses no more losses or answers than it was told of, and nothing once its window is here', () => {
    fc.assert(
      fc.property(results(WINDOW, WINDOW, 30), results(0, WINDOW, 3), (before, after) => {
        const window = windowAt(NOW + after.length * 1_000 + 500)
        const whole = evidenceOf(everything(before, after), window)
        const told = evidenceOf(lastOnes(before, after), window)
        expect(told.sent).toBe(whole.sent)
        expect(told.received).toBeGreaterThanOrEqual(0)
        if (after.length === WINDOW) expect(told.received).toBe(whole.received)
      }),
    )
  })

  it('does not stand by answers from before a gap, whose successors were not sent', () => {
    const before = [...Array(60).fill(300_000), ...Array(60).fill(400)]
    const ring = ringOf(before, [], (i) => i < 60 || i === 119)
    const told = evidenceOf({ ring, tally: { upToMs: NOW, sent: 120, lost: 0 } }, windowAt(NOW))
    expect(healthOf(told)).toBe('answering')
  })
})
