// A DNS server on loopback (RFC 1035 section 4): answers, denies, fails or is silent.
import { createSocket, type RemoteInfo } from 'node:dgram'
import ipaddr from 'ipaddr.js'

type Records = { addresses: string[]; ttlSeconds: number }
/** What a name has; `missing` is NXDOMAIN, `failing` SERVFAIL, `silent` no answer at all. */
export type Zone = (name: string) => Records | 'missing' | 'failing' | 'silent'

export type DnsServer = {
  /** As the setting DNS_SERVERS takes it. */
  readonly address: string
  /** Every question, as `A core.example`. */
  readonly questions: string[]
  close(): Promise<void>
}

const TYPES = new Map([
  [1, 'A'],
  [28, 'AAAA'],
])
const IN = 1
const RESPONSE_AND_RECURSION = 0x8180
const CODE = { missing: 3, failing: 2 } as const

export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const questions: string[] = []
  socket.on('message', (query, { address, port }: RemoteInfo) => {
    const { name, type, end } = readQuestion(query)
    questions.push(`${TYPES.get(type) ?? type} ${name}`)
    const found = zone(name)
    if (found === 'silent') return
    socket.send(answer(query.subarray(0, end), type, found), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => void socket.close(resolve))
  return { address: `127.0.0.1:${socket.address().port}`, questions, close }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const type = query.readUInt16BE(at + 1)
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 }
}

// `asked` is the query's header and its one question.
function answer(asked: Buffer, type: number, found: Exclude<ReturnType<Zone>, 'silent'>): Buffer {
  const code = typeof found === 'string' ? CODE[found] : 0
  const records = typeof found === 'string' ? [] : recordsOf(found, type)
  const header = Buffer.from(asked)
  header.writeUInt16BE(RESPONSE_AND_RECURSION | code, 2)
  header.writeUInt16BE(records.length, 6)
  header.fill(0, 8, 12)
  return Buffer.concat([header, ...records])
}

function recordsOf({ addresses, ttlSeconds }: Records, type: number): Buffer[] {
  const version = TYPES.get(type) === 'A' ? 'ipv4' : 'ipv6'
  const parsed = addresses.map((address) => ipaddr.parse(address))
  return parsed
    .filter((address) => address.kind() === version)
    .map((address) => {
      const data = Buffer.from(address.toByteArray())
      const record = Buffer.alloc(12)
      // A pointer to the name in the question.
      record.writeUInt16BE(0xc00c, 0)
      record.writeUInt16BE(type, 2)
      record.writeUInt16BE(IN, 4)
      record.writeUInt32BE(ttlSeconds, 6)
      record.writeUInt16BE(data.length, 10)
      return Buffer.concat([record, data])
    })
}
