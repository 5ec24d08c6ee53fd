// A process of readers who join a wall at the same moment, as browsers do, and leave it.
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { SUBPROTOCOL } from '#lib/live/protocol.ts'

export type JoinTask = {
  url: string
  headers: Record<string, string>
  topic: string
  count: number
}

/** The rows of a card that are in sight. */
const ROWS = Array.from({ length: 18 }, (_, i) => i + 1)
const STAY_MS = 5_000

process.on('message', async ({ url, headers, topic, count }: JoinTask) => {
  const join = () => joinAndLeave(url, headers, topic)
  process.send?.({ joinedMs: await Promise.all(Array.from({ length: count }, join)) })
})
process.once('disconnect', () => process.exit(0))

/** Resolves, some seconds later, with the milliseconds until the strips in sight had come. */
async function joinAndLeave(
  url: string,
  headers: Record<string, string>,
  topic: string,
): Promise<number> {
  const startMs = performance.now()
  const socket = new WebSocket(url, [SUBPROTOCOL], { headers })
  const tell = (frame: object) => socket.send(JSON.stringify(frame))
  const tookMs = await new Promise<number>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => tell({ type: 'follow', topic, replay: 'last' }))
    socket.on('message', (data) => {
      const text = data.toString()
      if (text.includes('"tally":')) tell({ type: 'replay', topic, n: ROWS })
      if (text.startsWith('{"type":"replay"')) resolve(performance.now() - startMs)
    })
  })
  await pause(STAY_MS)
  socket.close()
  return tookMs
}
