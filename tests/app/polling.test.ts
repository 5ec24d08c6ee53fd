import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Transport } from '../../app/_data/live-transport.ts'
import { openPolling } from '../../app/_data/polling.ts'

const TOPIC = 'group:0195f000-0000-7000-8000-000000000001'
const CURSOR = '2026-01-01T00:00:01.000Z'

let asked: (string | null)[]
let road: Transport

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  vi.stubGlobal('fetch', async (path: string) => {
    const query = new URL(path, 'http://localhost').searchParams
    if (query.get('topic') === TOPIC) asked.push(query.get('since'))
    return Response.json([{ type: 'snapshot', topic: TOPIC, cursor: CURSOR }])
  })
  road = openPolling({ onFrame: () => {}, onAlive: () => {}, onClose: () => {} })
})
afterEach(async () => {
  road.close()
  await vi.runAllTimersAsync()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('polling', () => {
  it('asks once a second for what came since the last answer', async () => {
    road.send({ type: 'follow', topic: TOPIC, replay: 'last' })
    await vi.advanceTimersByTimeAsync(2_500)
    expect(asked).toEqual([null, CURSOR])
  })

  it('asks for everything once where results are lacking, for it cannot ask for some', async () => {
    road.send({ type: 'follow', topic: TOPIC, since: CURSOR, replay: 'last' })
    await vi.advanceTimersByTimeAsync(1_500)
    road.send({ type: 'replay', topic: TOPIC, n: [1, 2] })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(asked).toEqual([CURSOR, null, CURSOR])
  })
})
