import { describe, expect, it } from 'vitest'
import { DEFAULT_PARAMETERS } from '#lib/groups/contract.ts'
import { cardVitals, overdueAfterMs } from '../../app/_data/card-vitals.ts'
import { createRing, insertSample } from '../../app/_data/sample-ring.ts'
import { arrangeRows } from '../../app/_group/arrange-rows.ts'
import { aTarget } from './rows.ts'

const NOW = 10_000_000
const [good, dead, fresh, stopped] = [
  aTarget(1),
  aTarget(2, { label: 'Gate' }),
  aTarget(3),
  aTarget(4, { state: 'stopped' }),
]
const targets = [good, dead, fresh, stopped]

function ringWith(us: number, count: number, newestMs = NOW) {
  const ring = createRing()
  for (let i = 0; i < count; i += 1) insertSample(ring, newestMs - i * 1_000, us)
  return ring
}

const rings = new Map([
  [1, ringWith(400, 128)],
  [2, ringWith(-1, 60)],
])
const vitals = () => cardVitals(targets, (n) => ({ ring: rings.get(n) }), DEFAULT_PARAMETERS, NOW)

describe('the vitals of a card', () => {
  it('count who answers among those that run', () => {
    const { running, answering, counts, worst } = vitals()
    expect({ running, answering, worst }).toEqual({ running: 3, answering: 1, worst: 'dark' })
    expect(counts).toMatchObject({ answering: 1, dark: 1, unmeasured: 1, stopped: 1 })
  })

  it('count results of the window of the strips only, and none that do not exist', () => {
    const { sent, received } = vitals()
    expect({ sent, received }).toEqual({ sent: 121 + 60, received: 121 })
  })

  it('call a target unmeasured whose newest result is too old', () => {
    const late = NOW - overdueAfterMs(DEFAULT_PARAMETERS) - 1
    const old = cardVitals(
      [good],
      () => ({ ring: ringWith(400, 5, late) }),
      DEFAULT_PARAMETERS,
      NOW,
    )
    expect(old.standings.get(good.id)).toBe('unmeasured')
    expect(old.answering).toBe(0)
  })

  it('never call a row overdue before three seconds', () => {
    expect(overdueAfterMs({ ...DEFAULT_PARAMETERS, interval_ms: 200, timeout_ms: 100 })).toBe(3_000)
    expect(overdueAfterMs({ ...DEFAULT_PARAMETERS, interval_ms: 60_000 })).toBe(62_000)
  })
})

describe('the rows of a card', () => {
  const group = { name: 'Core' }
  const rows = (query: string, show: 'all' | 'dark' | 'stopped' = 'all') =>
    arrangeRows(group, targets, vitals().standings, { query, show }).map(({ n }) => n)

  it('begin with the dark ones, then stand as the person ordered them', () => {
    expect(rows('')).toEqual([2, 1, 3, 4])
  })

  it('are found by host, by label, and all of them by the name of their group', () => {
    expect(rows('0.0.3')).toEqual([3])
    expect(rows('gate')).toEqual([2])
    expect(rows(' CORE ')).toEqual([2, 1, 3, 4])
  })

  it('are narrowed to one state', () => {
    expect(rows('', 'dark')).toEqual([2])
    expect(rows('', 'stopped')).toEqual([4])
  })
})
