import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Connection } from '#lib/live/connection.ts'
import { createWebSocketTransport } from '#lib/live/websocket.ts'
import { until } from '../support/until.ts'

describe('the WebSocket transport', () => {
  it('hears a sign of life from a reader that only listens', async () => {
    const transport = createWebSocketTransport()
    const events = { onFrame: vi.fn(), onAlive: vi.fn(), onClose: vi.fn() }
    let connection: Connection | undefined
    const server = createServer().on('upgrade', (request, socket, head) => {
      transport.upgrade(request, socket, head, (open) => {
        connection = open('live.test!1', events)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const reader = new WebSocket(`ws://127.0.0.1:${portOf(server.address())}/live`)
    await once(reader, 'open')
    expect(events.onAlive).not.toHaveBeenCalled()
    connection?.probe()
    await until(() => events.onAlive.mock.calls.length === 1)
    reader.close()
    await until(() => events.onClose.mock.calls.length === 1)
    expect(events.onFrame).not.toHaveBeenCalled()
    server.close()
  })
})

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}
