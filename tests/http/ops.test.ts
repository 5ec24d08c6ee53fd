import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { answerOps } from '#lib/http/ops.ts'
import { createLog } from '#lib/log.ts'
import { makeConfig } from '../support/factories.ts'

describe('/readyz', () => {
  it('answers 503 within 3 s while PostgreSQL is frozen', async () => {
    const sockets: Socket[] = []
    const mute = createServer((socket) => void sockets.push(socket.on('error', () => {})))
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const url = `postgres://nobody@127.0.0.1:${portOf(mute.address())}/none`
    const { db, close } = openDatabase({ url, name: 'echowall-test' })
    const log = createLog('silent')
    const channels = createMemoryLayer({ log })
    const here = { db, log, channels, config: makeConfig(), isListening: () => true }
    const askedMs = performance.now()
    const answer = await answerOps(here, '/readyz')
    expect(performance.now() - askedMs).toBeLessThan(3_000)
    expect(answer?.status).toBe(503)
    expect(JSON.parse(answer?.body ?? '')).toEqual({
      ready: false,
      checks: { database: false, migrations: false, listen: true, worker: false },
      storage: 'unknown',
    })
    for (const socket of sockets) socket.destroy()
    mute.close()
    await close()
  })
})

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}
