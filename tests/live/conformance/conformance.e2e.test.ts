import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, signIn } from '../../support/person.ts'
import { type Program, startProgram } from '../../support/program.ts'
import { until } from '../../support/until.ts'
import { CLOSING_CASES } from './closing-cases.ts'
import { FRAGMENTATION_CASES } from './fragmentation-cases.ts'
import { text } from './frame-bytes.ts'
import { FRAMING_CASES } from './framing-cases.ts'
import { HANDSHAKE_CASES, type HandshakeCase } from './handshake-cases.ts'
import { type ConformanceCase, follow, play } from './played-case.ts'
import { openRaw, type Pace, type RawConnection } from './raw-connection.ts'
import { UTF8_CASES } from './utf8-cases.ts'

/** Larger ones are sent at once only. */
const BYTE_BY_BYTE_MAX = 300

let program: Program
let admin: Person
const opened: RawConnection[] = []

beforeAll(async () => {
  program = await startProgram()
  admin = await signIn(program.url)
})
afterAll(async () => {
  for (const { socket } of opened) socket.destroy()
  await program?.stop()
})

function handshake({ line, headers }: Pick<HandshakeCase, 'line' | 'headers'> = {}): string {
  const right = {
    host: new URL(program.url).host,
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'echowall.v1',
    origin: program.url,
    cookie: admin.cookie,
  }
  const lines = Object.entries({ ...right, ...headers }).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  )
  return [line ?? 'GET /live HTTP/1.1', ...lines, '', ''].join('\r\n')
}

async function openConnection(): Promise<RawConnection> {
  const raw = await open()
  await raw.write(handshake())
  expect((await raw.answer()).status).toBe(101)
  return raw
}

async function open(): Promise<RawConnection> {
  const raw = await openRaw(program.url)
  opened.push(raw)
  return raw
}

describe.each(['at once', 'byte by byte'] as const)('a handshake sent %s', (pace) => {
  it.each(HANDSHAKE_CASES)('($rfc) $name: $status', async (played) => {
    const raw = await open()
    await raw.write(handshake(played), pace)
    const answer = await raw.answer()
    expect(answer.status).toBe(played.status)
    for (const [name, value] of Object.entries(played.answer ?? {})) {
      expect(answer.headers.get(name), name).toBe(value)
    }
    if (answer.status !== 101) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(JSON.parse(answer.body)).toMatchObject({ status: played.status })
    }
    raw.socket.destroy()
  })
})

describe('a handshake', () => {
  it('may be followed by a frame in the same packet', async () => {
    const raw = await open()
    await raw.write(Buffer.concat([Buffer.from(handshake()), text(follow('early'))]))
    await raw.answer()
    await until(() => raw.said.includes('denied early'))
    raw.socket.destroy()
  })

  it('that is refused leaves no socket behind, though the caller keeps his open', async () => {
    const descriptors = async () => (await readdir(`/proc/${await program.pid('web')}/fd`)).length
    const before = await descriptors()
    const callers = await Promise.all(Array.from({ length: 60 }, open))
    for (const raw of callers) await raw.write(handshake({ headers: { cookie: undefined } }))
    for (const raw of callers) expect((await raw.answer()).status).toBe(401)
    await until(async () => (await descriptors()) < before + 30)
  })
})

const catalogue: Record<string, ConformanceCase[]> = {
  framing: FRAMING_CASES,
  fragmentation: FRAGMENTATION_CASES,
  'UTF-8': UTF8_CASES,
  closing: CLOSING_CASES,
}

describe.each(Object.keys(catalogue))('%s', (part) => {
  const all = catalogue[part] ?? []
  const small = all.filter(({ send }) => Buffer.concat([send].flat()).length <= BYTE_BY_BYTE_MAX)
  const conduct = (pace: Pace) => async (played: ConformanceCase) => {
    const raw = await openConnection()
    await play(raw, played, pace)
    raw.socket.destroy()
  }
  it.each(all)('($rfc) $name', conduct('at once'))
  it.each(small)('($rfc) $name, byte by byte', conduct('byte by byte'))
})

describe('the end of TCP without a close', () => {
  it('is answered in kind, and by no other frame', async () => {
    const raw = await openConnection()
    raw.socket.end()
    await until(() => raw.said.includes('end'))
    expect(raw.said).toEqual(['end'])
  })
})
