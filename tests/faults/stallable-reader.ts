// A reader who may stop reading and remembers what it heard of one topic, and how late.
import { WebSocket } from 'ws'
import { comesBack } from '#lib/live/close-codes.ts'
import { ServerFrame, SUBPROTOCOL } from '#lib/live/protocol.ts'
import { samplesOf } from '../support/live-reader.ts'
import type { Person } from '../support/person.ts'
import { until } from '../support/until.ts'

export type StallableReader = {
  /** The samples of the topic as words. */
  heard: Set<string>
  /** From the storing of samples to their arrival, in ms, since the last call. */
  takeDelays(): number[]
  /** How many snapshots came, of whatever topic. */
  snapshots(): number
  stall(): void
  readOn(): void
  /** How often the server ended its connection; it comes back from where it was. */
  timesLetGo(): number
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
  let since: string | undefined
  let snapshots = 0
  let timesLetGo = 0
  let isOver = false
  let socket = open()
  await until(() => heard.size > 0, 15_000, 'the first samples')
  return {
    heard,
    takeDelays() {
      const taken = delays
      delays = []
      return taken
    },
    snapshots: () => snapshots,
    stall: () => socket.pause(),
    readOn: () => socket.resume(),
    timesLetGo: () => timesLetGo,
    close() {
      isOver = true
      socket.terminate()
    },
  }

  function open(): WebSocket {
    const opened = new WebSocket(`${url.replace('http', 'ws')}/live`, [SUBPROTOCOL], {
      headers: { cookie: person.cookie, origin: url },
    })
    opened.on('error', () => {})
    opened.on('message', hear)
    opened.on('open', () => {
      const follow = (frame: object) => opened.send(JSON.stringify({ type: 'follow', ...frame }))
      follow({ topic, since })
      for (const other of others) follow({ topic: other })
    })
    opened.on('close', comeBack)
    return opened
  }

  // As the page does, if told so by the code.
  function comeBack(code: number): void {
    if (isOver || !comesBack(code)) return
    timesLetGo += 1
    socket = open()
  }

  function hear(data: Buffer): void {
    const start = data.subarray(0, 200)
    if (start.includes('"type":"snapshot"')) snapshots += 1
    // The flood's own frames are long and of no interest.
    if (!start.includes(topic)) return
    const frame = ServerFrame.parse(JSON.parse(data.toString()))
    for (const { n, at, v } of samplesOf(frame)) heard.add(`${n} ${at} ${v}`)
    if (frame.type === 'event') delays.push(Date.now() - Date.parse(frame.cursor))
    if ('cursor' in frame && !('more' in frame && frame.more)) since = frame.cursor
  }
}
