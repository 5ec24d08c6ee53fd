// The sending side on PostgreSQL: NOTIFY in order, large messages by a side table.
import { type SQL, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Db, Tx } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import type { Log } from '#lib/log.ts'
import type { Address } from './local-delivery.ts'
import { createPayloadSweeper } from './payload-sweeper.ts'
import { type Envelope, MAX_PAYLOAD_BYTES, notifyChannelOf, sealEnvelope } from './wire.ts'
import { withinMs } from './within.ts'

const MAX_WAITING = 10_000
const MAX_WAITING_BYTES = 64 * 1_048_576
const CLOSE_LIMIT_MS = 2_000
const MAX_BATCH = 200
const MAX_BATCH_BYTES = 4 * 1_048_576

/** One message ready to leave: its NOTIFY, and the row it points at when it is large. */
type Letter = {
  channel: string
  payload: string
  stored: { id: string; body: string } | undefined
  bytes: number
}
type Waiting = { letter: Letter; resolve: () => void; reject: (error: unknown) => void }

export type Outgoing = {
  /** Resolves when the message has left (with `tx`: when it will leave at the commit). */
  send(address: Address, text: string, tx?: Tx): Promise<void>
  /** Resolves when everything handed over has left or failed, at the latest after 2 s. */
  close(): Promise<void>
}

export function createOutgoing(options: { db: Db; node: string; log: Log }): Outgoing {
  const { db, node, log } = options
  const sweeper = createPayloadSweeper({ db, log })
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let lastNonce = 0
  let sending: Promise<void> | undefined

  return {
    async send(address, text, tx) {
      const letter = write(address, text)
      if (letter.stored) sweeper.sweepLater()
      if (tx) await notify(tx, [letter])
      else await enqueue(letter)
    },
    async close() {
      sweeper.close()
      try {
        await withinMs(CLOSE_LIMIT_MS, Promise.resolve(sending))
      } catch (error) {
        log.warn({ err: error, waiting: waiting.length }, 'the last messages did not leave')
      }
    },
  }

  function write(address: Address, text: string): Letter {
    lastNonce += 1
    const channel = notifyChannelOf(address)
    const envelope = { ...address, from: node, nonce: lastNonce.toString(36) }
    const whole = sealEnvelope({ ...envelope, body: { kind: 'text', text } })
    const bytes = Buffer.byteLength(whole)
    if (bytes <= MAX_PAYLOAD_BYTES) return { channel, payload: whole, stored: undefined, bytes }
    return { channel, ...storedApart(envelope, text), bytes }
  }

  // Calls that nobody awaits would overtake each other in the pool: one statement at a time
  // carries all that gathered meanwhile, which also spares commits (NOTIFY serialises them).
  function enqueue(letter: Letter): Promise<void> {
    if (waiting.length >= MAX_WAITING || waitingBytes + letter.bytes > MAX_WAITING_BYTES) {
      throw new AppError('unavailable', 'Too many messages wait for the database.')
    }
    waitingBytes += letter.bytes
    return new Promise((resolve, reject) => {
      waiting.push({ letter, resolve, reject })
      sending ??= sendWaiting()
    })
  }

  async function sendWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch()
      const letters = batch.map(({ letter }) => letter)
      try {
        await notify(db, letters)
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    sending = undefined
  }

  function takeBatch(): Waiting[] {
    let bytes = 0
    const isOver = ({ letter }: Waiting) => {
      bytes += letter.bytes
      return bytes > MAX_BATCH_BYTES
    }
    // A message is at most 1 MiB, so the first always fits.
    const end = waiting.slice(0, MAX_BATCH).findIndex(isOver)
    const batch = waiting.splice(0, end < 0 ? MAX_BATCH : end)
    for (const { letter } of batch) waitingBytes -= letter.bytes
    return batch
  }
}

function storedApart(envelope: Omit<Envelope, 'body'>, text: string) {
  const id = uuidv7()
  return {
    payload: sealEnvelope({ ...envelope, body: { kind: 'stored', id } }),
    stored: { id, body: text },
  }
}

// One statement, so one transaction: a row is there whenever its notification is heard.
async function notify(db: Db | Tx, letters: Letter[]): Promise<void> {
  const channels = letters.map(({ channel }) => channel)
  const payloads = letters.map(({ payload }) => payload)
  const rows = letters.flatMap(({ stored }) => stored ?? [])
  await db.execute(sql`
    ${rows.length > 0 ? storeRows(rows) : sql.empty()}
    select pg_notify(letter.channel, letter.payload)
    from unnest(${sql.param(channels)}::text[], ${sql.param(payloads)}::text[])
      as letter (channel, payload)
  `)
}

function storeRows(rows: { id: string; body: string }[]): SQL {
  const ids = rows.map(({ id }) => id)
  const bodies = rows.map(({ body }) => body)
  return sql`
    with stored as (
      insert into channel_payloads (id, body)
      select * from unnest(${sql.param(ids)}::uuid[], ${sql.param(bodies)}::text[])
    )
  `
}
