import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { expect } from 'vitest'
import { SUBPROTOCOL } from '#lib/live/protocol.ts'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { watchProgram } from './watched-program.ts'

const AT_ONCE = 50
/** The pool of PostgreSQL connections may grow while sessions are looked up. */
const POOL = 10

fault({
  fault: 'Upgrades are followed by RST',
  holds: 'the web process lives, its descriptors are as many as before, readers notice nothing',
  short: { upgrades: 500 },
  full: { upgrades: 10_000 },
  async prove({ upgrades }, measured) {
    const { program, person, reader, holes, close } = await watchProgram({ addresses: 5 })
    try {
      const pid = await program.pid('web')
      const before = await countDescriptors(pid)
      const started = performance.now()
      let left = upgrades
      const work = async () => {
        // Reset at once, while the session is looked up, and after the handshake.
        while (left-- > 0) await upgradeAndReset(program.url, person.cookie, left % 3)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      const seconds = (performance.now() - started) / 1_000
      await until(async () => (await countDescriptors(pid)) <= before + POOL, 10_000)
      const after = await countDescriptors(pid)
      const missing = await holes()
      measured(`${upgrades} upgrades in ${seconds.toFixed(1)} s`)
      measured(`descriptors ${before} before, ${after} after`)
      measured(`${missing.length} stored samples missing at a reader meanwhile`)
      expect(await program.pid('web')).toBe(pid)
      expect(reader.frames.filter(({ type }) => type === 'welcome')).toHaveLength(1)
      expect(missing).toEqual([])
    } finally {
      await close()
    }
  },
})

async function countDescriptors(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length
}

function upgradeAndReset(url: string, cookie: string, manner: number): Promise<void> {
  const { hostname, port, origin } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('connect', () => {
    socket.write(
      [
        'GET /live HTTP/1.1',
        `Host: ${hostname}:${port}`,
        `Origin: ${origin}`,
        `Cookie: ${cookie}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
        '\r\n',
      ].join('\r\n'),
    )
    if (manner === 0) socket.resetAndDestroy()
    if (manner === 1) setTimeout(() => socket.resetAndDestroy(), 5)
  })
  socket.once('data', () => socket.resetAndDestroy())
  return new Promise((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}
