// The receiving side on PostgreSQL: notifications become messages, in order.
import type { Log } from '#lib/log.ts'
import type { Address } from './local-delivery.ts'
import { decodeMessage, type Message } from './message.ts'
import { type Envelope, openEnvelope } from './wire.ts'

const MAX_WAITING = 10_000
const MAX_WAITING_BYTES = 32 * 1_048_576

export type IncomingOptions = {
  log: Log
  isWanted: (address: Address) => boolean
  /** The text of a stored message, or undefined when it is gone. */
  fetch: (id: string) => Promise<string | undefined>
  deliver: (envelope: Envelope, message: Message) => void
  /** At least one message is lost. */
  onLoss: () => void
}

type Waiting = { envelope: Envelope; bytes: number }

export type Incoming = {
  hear(payload: string): void
  /** Forgets what waits: the connection it came by is gone. */
  clear(): void
}

export function createIncoming({
  log,
  isWanted,
  fetch,
  deliver,
  onLoss,
}: IncomingOptions): Incoming {
  // Holds nothing unless a large message is being fetched; then everything waits behind it.
  let queue: Waiting[] = []
  let queueBytes = 0

  return {
    hear(payload) {
      const envelope = openEnvelope(payload)
      if (!envelope) return log.warn({ bytes: payload.length }, 'a foreign notification is ignored')
      if (!isWanted(envelope)) return
      if (queue.length === 0 && envelope.body.kind === 'text')
        return open(envelope, envelope.body.text)
      enqueue(envelope, payload.length)
    },
    clear,
  }

  function clear(): void {
    queue = []
    queueBytes = 0
  }

  function enqueue(envelope: Envelope, bytes: number): void {
    queueBytes += bytes
    if (queue.length >= MAX_WAITING || queueBytes > MAX_WAITING_BYTES) {
      log.warn({ waiting: queue.length }, 'too many messages waited behind a large one')
      clear()
      onLoss()
      return
    }
    queue.push({ envelope, bytes })
    if (queue.length === 1) void openInOrder(queue)
  }

  // Works on the queue it was given: after `clear` another one stands in its place.
  async function openInOrder(mine: Waiting[]): Promise<void> {
    for (let next = mine[0]; next; next = mine[0]) {
      const text = await textOf(next.envelope)
      if (queue !== mine) return
      if (text === undefined) onLoss()
      else open(next.envelope, text)
      mine.shift()
      queueBytes -= next.bytes
    }
  }

  async function textOf({ body }: Envelope): Promise<string | undefined> {
    if (body.kind === 'text') return body.text
    try {
      return await fetch(body.id)
    } catch (error) {
      log.warn({ err: error }, 'a stored message could not be read')
      return undefined
    }
  }

  function open(envelope: Envelope, text: string): void {
    const message = decodeMessage(text)
    if (message) deliver(envelope, message)
    else log.warn({ to: envelope.to, from: envelope.from }, 'a malformed message is ignored')
  }
}
