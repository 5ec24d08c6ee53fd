// A bare TCP connection: writes bytes as they are and notes what the server answers.
import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { until } from '../../support/until.ts'
import {
  closePayload,
  frame,
  OPCODE,
  type ServerFrameBytes,
  takeFrame,
  utf8,
} from './frame-bytes.ts'

export type HttpAnswer = { status: number; headers: Map<string, string>; body: string }

export type RawConnection = {
  /** Writes at once, or byte by byte in packets of their own. */
  write(bytes: string | Uint8Array, pace?: Pace): Promise<void>
  /** The answer's status line and headers, and for other than 101 its body. */
  answer(): Promise<HttpAnswer>
  /**
   * What the server has said since the handshake, a line each, without the beats of the protocol:
   * `pong <hex>`, `denied <topic>`, `close <code> <reason>`, at last `end`.
   */
  said: string[]
  socket: Socket
}

export type Pace = 'at once' | 'byte by byte'

/** Codes after which the server has failed the connection and waits for no answer (7.1.7). */
const FAILED = [1002, 1007, 1008, 1009]
const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'
/** The lines between the chunks of a body that holds no line break of its own. */
const CHUNK_SIZE = /(?:^|\r\n)[0-9a-f]+\r\n(?:\r\n)?/g
/** Frames that come by themselves. */
const BEATS = ['welcome', 'tick', 'ping']

export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  const said: string[] = []
  let received: Buffer = Buffer.alloc(0)
  let isUpgraded = false
  let isOver = false

  socket.on('data', (data) => {
    received = Buffer.concat([received, data])
    if (isUpgraded) takeFrames()
  })
  // A reset is an end too.
  socket.on('error', () => {})
  socket.on('close', () => {
    isOver = true
    said.push('end')
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
  })
  return { write, answer, said, socket }

  async function write(bytes: string | Uint8Array, pace: Pace = 'at once'): Promise<void> {
    const whole = Buffer.from(bytes)
    if (pace === 'at once') return void socket.write(whole)
    for (const byte of whole) {
      if (socket.destroyed) return
      socket.write(Buffer.of(byte))
      await nextTurn()
    }
  }

  async function answer(): Promise<HttpAnswer> {
    const headEnd = () => received.indexOf(HEAD_END)
    await until(() => headEnd() >= 0 || isOver)
    const [statusLine = '', ...lines] = received.toString('latin1', 0, headEnd()).split('\r\n')
    const headers = new Map(lines.map(headerOf))
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
    received = received.subarray(headEnd() + HEAD_END.length)
    isUpgraded = status === 101
    if (isUpgraded) takeFrames()
    return { status, headers, body: isUpgraded ? '' : await readBody(headers) }
  }

  async function readBody(headers: Map<string, string>): Promise<string> {
    if (headers.get('transfer-encoding') === 'chunked') {
      await until(() => received.includes(LAST_CHUNK) || isOver)
      return received.toString().replaceAll(CHUNK_SIZE, '')
    }
    const length = Number(headers.get('content-length'))
    await until(() => received.length >= length || isOver)
    return received.toString('utf8', 0, length)
  }

  function takeFrames(): void {
    for (let next = takeFrame(received); next; next = takeFrame(received)) {
      received = next.rest
      note(next.frame)
    }
  }

  function note(taken: ServerFrameBytes): void {
    const line = lineOf(taken)
    if (line === undefined) return
    said.push(line)
    if (taken.opcode !== OPCODE.close || taken.payload.length < 2) return
    const code = taken.payload.readUInt16BE(0)
    if (!FAILED.includes(code)) {
      socket.write(frame({ opcode: OPCODE.close, payload: closePayload(code) }))
    }
  }
}

function headerOf(line: string): [string, string] {
  const at = line.indexOf(':')
  return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
}

/** Undefined for a beat. Throws for a frame that no server of ours may send. */
function lineOf({ fin, rsv, opcode, payload }: ServerFrameBytes): string | undefined {
  if (!fin || rsv !== 0) throw new Error('The server sent a fragment or a reserved bit.')
  if (opcode === OPCODE.ping) return undefined
  if (opcode === OPCODE.pong) return `pong ${payload.toString('hex')}`.trim()
  if (opcode === OPCODE.close) {
    if (payload.length === 0) return 'close'
    const reason = utf8(payload.subarray(2))
    return `close ${payload.readUInt16BE(0)}${reason && ` ${reason}`}`
  }
  if (opcode !== OPCODE.text) throw new Error(`The server sent opcode ${opcode}.`)
  const { type, topic, code } = JSON.parse(utf8(payload))
  return BEATS.includes(type) ? undefined : `${type} ${topic ?? code}`
}
