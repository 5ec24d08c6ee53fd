import { describe, expect, it } from 'vitest'
import type { Floor, FloorPoint } from '#lib/samples/contract.ts'
import { floorAt } from '../../app/_charts/floor-line.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const at = (seconds: number) => START + seconds * 1000

function point(seconds: number, median_ms: number | null): FloorPoint {
  const counts = { sent: 10, received: 10, echoes: 10, overdue: 0, unsent: 0, receive_drops: 0 }
  const times = { at: new Date(at(seconds)).toISOString(), max_ms: median_ms, lateness_ms: 0 }
  return { ...times, median_ms, ...counts }
}

const floorOf = (...points: FloorPoint[]): Floor => ({
  from: new Date(START).toISOString(),
  to: new Date(at(60)).toISOString(),
  step_seconds: 10,
  points,
})

describe('the floor of a chart', () => {
  it('is at each time that of the reading before it', () => {
    const floor = floorOf(point(0, 0.02), point(10, 0.03), point(20, null))
    const times = [-1, 0, 9, 10, 15, 25].map(at)
    expect(floorAt(floor, times)).toEqual([null, 0.02, 0.02, 0.03, 0.03, null])
  })

  it('ends where nothing was read for two steps, and begins again', () => {
    const floor = floorOf(point(0, 0.02), point(50, 0.04))
    expect(floorAt(floor, [15, 19, 20, 49, 50].map(at))).toEqual([0.02, 0.02, null, null, 0.04])
  })

  it('is nowhere while none is known', () => {
    expect(floorAt(undefined, [at(0), at(1)])).toEqual([null, null])
  })
})
