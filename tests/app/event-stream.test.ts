import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openEventStream } from '../../app/_data/live-transport.ts'
import { until } from '../support/until.ts'

type Source = { readyState: number; onmessage?: (message: { data: string }) => void; close(): void }

const follow = (topic: string) => ({ type: 'follow' as const, topic })

describe('the road of events', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('keeps what is sent before the connection has a name, and posts it in order', async () => {
    const posted: string[] = []
    const source: Source = { readyState: 1, close() {} }
    const open = vi.fn(function open() {
      return source
    })
    vi.stubGlobal('EventSource', Object.assign(open, { CLOSED: 2 }))
    vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
      posted.push(`${path} ${JSON.parse(body).topic}`)
      return new Response(null, { status: 202 })
    })
    const road = openEventStream({ onFrame() {}, onAlive() {}, onClose() {} })
    road.send(follow('group:1'))
    road.send(follow('group:2'))
    source.onmessage?.({ data: '{"type":"tick"}' })
    await turn()
    expect(posted).toEqual([])
    source.onmessage?.({ data: '{"type":"welcome","connection":"live.a"}' })
    road.send(follow('group:3'))
    await until(() => posted.length === 3)
    expect(posted).toEqual([1, 2, 3].map((n) => `/live/live.a group:${n}`))
    road.close()
  })
})
