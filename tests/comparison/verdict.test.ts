import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviateFor } from '#lib/comparison/confidence.ts'
import { judge, type Part } from '#lib/comparison/verdict.ts'

const STRICT = { deviate: deviateFor(3), floorMs: 0.05 }
const OPPOSITE = { worse: 'better', better: 'worse', unchanged: 'unchanged', unknown: 'unknown' }

const aPart = fc
  .record({
    sent: fc.nat(200),
    loss: fc.double({ min: 0, max: 1, noNaN: true }),
    us: fc.nat(90_000),
  })
  .map(({ sent, loss, us }): Part => {
    const lost = Math.round(sent * loss)
    const ms = lost < sent ? us / 1000 : null
    const p95_ms = ms === null ? null : ms * 1.5
    return { sent, lost, received: sent - lost, p50_ms: ms, p95_ms }
  })
const someParts = fc.array(aPart, { maxLength: 40 })

/** Numbers from 0 to 1 that are the same in each run. */
function createChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const windowOf = (parts: Part[]) => ({ parts, partMinutes: 2.5 })
const judgeParts = (before: Part[], after: Part[], strictness = STRICT) =>
  judge(windowOf(before), windowOf(after), strictness)

/** 24 parts of 150 echoes: round trips around `ms`, losses in bursts. */
function madeUp(chance: () => number, { ms = 20, plusMs = 0, loss = 0.01 } = {}): Part[] {
  return Array.from({ length: 24 }, () => {
    const lost = chance() < loss * 3 ? Math.round(chance() * 100) : 0
    const p50_ms = ms * (1 + 0.1 * (chance() - 0.5)) + plusMs
    return {
      sent: 150,
      lost,
      received: 150 - lost,
      p50_ms,
      p95_ms: p50_ms * (1.2 + 0.2 * chance()),
    }
  })
}

describe('the verdict over two windows', () => {
  it('is unchanged, or unknown, where they are the same', () => {
    fc.assert(
      fc.property(someParts, (parts) => {
        const { verdict, verdicts } = judgeParts(parts, parts, STRICT)
        for (const one of [verdict, ...Object.values(verdicts)]) {
          expect(['unchanged', 'unknown']).toContain(one)
        }
      }),
    )
    const parts = madeUp(createChance(1))
    expect(judgeParts(parts, parts, STRICT).verdict).toBe('unchanged')
  })

  it('is the opposite where they are swapped', () => {
    fc.assert(
      fc.property(someParts, someParts, (before, after) => {
        const [there, back] = [judgeParts(before, after, STRICT), judgeParts(after, before, STRICT)]
        expect(back.verdict).toBe(OPPOSITE[there.verdict])
        expect(back.verdicts.loss).toBe(OPPOSITE[there.verdicts.loss])
        expect(back.verdicts.p50).toBe(OPPOSITE[there.verdicts.p50])
      }),
    )
  })

  it('is worse where round trips are longer by more than the floor and a twentieth', () => {
    const before = madeUp(createChance(2))
    const longer = (plusMs: number, floorMs = 0.05) =>
      judgeParts(before, madeUp(createChance(3), { plusMs }), { ...STRICT, floorMs }).verdicts
    expect(longer(4)).toEqual({ loss: 'unchanged', p50: 'worse', p95: 'worse' })
    expect(longer(-4).p50).toBe('better')
    expect(longer(0.5).p50).toBe('unchanged')
    expect(longer(4, 5).p50).toBe('unchanged')
  })

  it('is by the losses where those changed, whatever became of the round trips', () => {
    const [before, after] = [
      madeUp(createChance(4), { loss: 0 }),
      madeUp(createChance(5), { loss: 0.3 }),
    ]
    const faster = after.map((part) => ({ ...part, p50_ms: 5, p95_ms: 6 }))
    const judged = judgeParts(before, faster, STRICT)
    expect(judged).toEqual({
      verdict: 'worse',
      verdicts: { loss: 'worse', p50: 'better', p95: 'better' },
    })
  })

  it('is by the tail where the median stayed', () => {
    const before = madeUp(createChance(6))
    const after = before.map((part) => ({ ...part, p95_ms: (part.p95_ms ?? 0) + 15 }))
    expect(judgeParts(before, after, STRICT)).toMatchObject({
      verdict: 'worse',
      verdicts: { p50: 'unchanged', p95: 'worse' },
    })
  })

  it('is worse where a target went dark, and unchanged where it was', () => {
    const dark = Array.from({ length: 24 }, () => ({
      ...{ sent: 150, lost: 150, received: 0, p50_ms: null, p95_ms: null },
    }))
    expect(judgeParts(madeUp(createChance(7)), dark, STRICT).verdict).toBe('worse')
    expect(judgeParts(dark, dark, STRICT)).toMatchObject({
      verdict: 'unchanged',
      verdicts: { loss: 'unchanged', p50: 'unknown' },
    })
  })

  it('is unknown where too little was measured', () => {
    const few = madeUp(createChance(8)).slice(0, 3)
    expect(judgeParts(few, few, STRICT).verdict).toBe('unknown')
    expect(judgeParts([], madeUp(createChance(9)), STRICT).verdict).toBe('unknown')
    const rare = few.map((part) => ({ ...part, sent: 5, lost: 0, received: 5 }))
    const lost = few.map((part) => ({ ...part, sent: 5, lost: 5, received: 0 }))
    expect(judgeParts(rare, lost, STRICT).verdicts.loss).toBe('unknown')
  })

  it('calls none of many changed that are not, though each of them varies', () => {
    const chance = createChance(10)
    const strict = { deviate: deviateFor(3 * 250), floorMs: 0.05 }
    const changed = Array.from({ length: 2_000 }, () =>
      judgeParts(madeUp(chance), madeUp(chance), strict),
    ).filter(({ verdict }) => verdict !== 'unchanged')
    expect(changed).toEqual([])
  })

  it('finds those that changed among many', () => {
    const chance = createChance(11)
    const strict = { deviate: deviateFor(3 * 10_000), floorMs: 0.05 }
    const worse = Array.from({ length: 200 }, () =>
      judgeParts(madeUp(chance), madeUp(chance, { plusMs: 4 }), strict),
    ).filter(({ verdict }) => verdict === 'worse')
    expect(worse.length).toBeGreaterThan(190)
  })
})
