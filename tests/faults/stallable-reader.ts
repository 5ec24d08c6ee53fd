// A reader who may stop reading, remembers what it heard of one topic, and how late that was.
import { WebSocket } from 'ws'
import { ServerFrame, SUBPROTOCOL } from '#lib/live/protocol.ts'
import { samplesOf } from '../support/live-reader.ts'
import type { Person } from '../support/person.ts'
import { until } from '../support/until.ts'

export type StallableReader = {
  /** The samples of the topic as words. */
  heard: Set<string>
  /** From the storing of samples to their arrival, in ms, since the last call. */
  takeDelays(): number[]
  stall(): void
  readOn(): void
  isOpen(): boolean
  close(): void
}

/** Follows `topic` with an ear for it, and `others` with none. Resolves once it is told of `topic`. */
export async function openStallableReader(options: {
  url: string
  person: Person
  topic: string
  others: string[]
}): Promise<StallableReader> {
  const { url, person, topic, others } = options
  const heard = new Set<string>()
  let delays: number[] = []
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, [SUBPROTOCOL], {
    headers: { cookie: person.cookie, origin: url },
  })
  socket.on('error', () => {})
  socket.on('open', () => {
    for (const one of [topic, ...others]) {
      socket.send(JSON.stringify({ type: 'follow', topic: one }))
    }
  })
  socket.on('message', (data: Buffer) => {
    // The flood's own frames are long and of no interest.
    if (!data.subarray(0, 200).includes(topic)) return
    const frame = ServerFrame.parse(JSON.parse(data.toString()))
    for (const { n, at, v } of samplesOf(frame)) heard.add(`${n} ${at} ${v}`)
    if (frame.type === 'event') delays.push(Date.now() - Date.parse(frame.cursor))
  })
  await until(() => heard.size > 0, 15_000, 'the first samples')
  return {
    heard,
    takeDelays() {
      const taken = delays
      delays = []
      return taken
    },
    stall: () => socket.pause(),
    readOn: () => socket.resume(),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  }
}
