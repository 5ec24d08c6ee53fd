import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Transport } from '../../app/_data/live-transport.ts'
import { openPolling } from '../../app/_data/polling.ts'

const TOPIC = 'group:0195f000-0000-7000-8000-000000000001'
const CURSOR = '2026-01-01T00:00:01.000Z'

let asked: (string | null)[]
let answer: object[]
let heard: { type: string; level?: string }[]
let road: Transport

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  heard = []
  answer = [{ type: 'snapshot', topic: TOPIC, cursor: CURSOR }]
  vi.stubGlobal('fetch', async (path: string) => {
    const query = new URL(path, 'http://localhost').searchParams
    if (query.get('topic') === TOPIC) asked.push(query.get('since'))
    return Response.json(answer)
  })
  const onFrame = (text: string) => void heard.push(JSON.parse(text))
  road = openPolling({ onFrame, onAlive: () => {}, onClose: () => {} })
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

  it('tells that there is room again once no answer says otherwise', async () => {
    const levels = () => heard.flatMap(({ type, level }) => (type === 'storage' ? [level] : []))
    answer = [...answer, { type: 'storage', level: 'full' }]
    road.send({ type: 'follow', topic: TOPIC, replay: 'last' })
    await vi.advanceTimersByTimeAsync(2_500)
    expect(levels().slice(-2)).toEqual(['full', 'full'])
    answer = answer.slice(0, 1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(levels().at(-1)).toBe('ok')
  })
})
