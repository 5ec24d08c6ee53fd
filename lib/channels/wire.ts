// How a message crosses PostgreSQL: its NOTIFY channel, and the envelope around it.
import { createHash } from 'node:crypto'
import type { Address } from './local-delivery.ts'
import { nodeOfChannel } from './names.ts'

/** The longest NOTIFY payload: PostgreSQL refuses 8,000 bytes (NOTIFY_PAYLOAD_MAX_LENGTH). */
export const MAX_PAYLOAD_BYTES = 7_999

/**
 * What is known of a message before its text is read. `nonce` makes payloads differ, because
 * PostgreSQL delivers equal ones of one transaction once. `body` is the message as JSON, or the id
 * of the row that holds it.
 */
export type Envelope = Address & {
  from: string
  nonce: string
  body: { kind: 'text'; text: string } | { kind: 'stored'; id: string }
}

const NODE = /^[0-9a-f]{12}$/
const HEADER = /^(channel|group) ([\w.!-]{1,99}) ([0-9a-f]{12}) ([0-9a-z]{1,12}) (text|stored)\n/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

// Few names keep the listeners' work small: every LISTEN is replayed after each lost connection.
const BUCKETS = 16

/** The NOTIFY channel that carries messages to this address: one per process, 16 for each kind of name. */
export function notifyChannelOf({ to, name }: Address): string {
  const node = to === 'channel' ? nodeOfChannel(name) : undefined
  // A node that no process has is nobody's; longer than 63 bytes, PostgreSQL would refuse it.
  if (node !== undefined && NODE.test(node)) return notifyChannelOfNode(node)
  return `echowall_${to}_${bucketOf(name)}`
}

export function notifyChannelOfNode(node: string): string {
  return `echowall_node_${node}`
}

export function sealEnvelope({ to, name, from, nonce, body }: Envelope): string {
  const content = body.kind === 'text' ? body.text : body.id
  return `${to} ${name} ${from} ${nonce} ${body.kind}\n${content}`
}

/** The envelope in a payload, or undefined when nobody of this house wrote it. */
export function openEnvelope(payload: string): Envelope | undefined {
  const header = HEADER.exec(payload)
  if (!header) return undefined
  const [line, to, name = '', from = '', nonce = '', kind] = header
  const content = payload.slice(line.length)
  if (kind === 'stored' && !UUID.test(content)) return undefined
  return {
    to: to === 'group' ? 'group' : 'channel',
    name,
    from,
    nonce,
    body: kind === 'text' ? { kind, text: content } : { kind: 'stored', id: content },
  }
}

function bucketOf(name: string): number {
  return createHash('sha1').update(name).digest().readUInt16BE(0) % BUCKETS
}
