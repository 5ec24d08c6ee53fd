import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stretchOf } from '#lib/samples/stretches.ts'

const SLOT_MS = 60_000
const time = fc.integer({ min: 0, max: 100 * SLOT_MS })
const asked = fc.record({ a: time, b: time, rawSlot: fc.nat({ max: 110 }) })

describe('a run, cut into slots and edges', () => {
  it('is kept within itself: whole slots, and edges only of what samples tell', () => {
    fc.assert(
      fc.property(asked, ({ a, b, rawSlot }) => {
        const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b) + 1]
        const rawSinceMs = rawSlot * SLOT_MS
        const run = { n: 1, probeId: 1, intervalMs: 1_000, fromMs, toMs, settledMs: toMs }
        const cut = stretchOf(run, { slotMs: SLOT_MS, rawSinceMs })
        if (!cut) {
          expect(fromMs).toBeLessThan(rawSinceMs)
          return
        }
        expect(cut.fromMs).toBeGreaterThanOrEqual(fromMs)
        expect(cut.toMs).toBeLessThanOrEqual(toMs)
        expect(cut.slotsFromMs).toBeGreaterThanOrEqual(cut.fromMs)
        expect(cut.slotsToMs).toBeLessThanOrEqual(cut.toMs)
        if (cut.slotsFromMs < cut.slotsToMs) {
          expect([cut.slotsFromMs % SLOT_MS, cut.slotsToMs % SLOT_MS]).toEqual([0, 0])
        }
        if (cut.fromMs < cut.slotsFromMs) expect(cut.fromMs).toBeGreaterThanOrEqual(rawSinceMs)
        if (cut.slotsToMs < cut.toMs) expect(cut.slotsToMs).toBeGreaterThanOrEqual(rawSinceMs)
        if (fromMs >= rawSinceMs) expect(cut).toMatchObject({ fromMs, toMs })
      }),
    )
  })
})
