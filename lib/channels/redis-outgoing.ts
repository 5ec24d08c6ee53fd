// The sending side on Redis: in order, bounded, and what was lost is told to everybody.
import type { Tx } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import type { Log } from '#lib/log.ts'
import type { Address } from './local-delivery.ts'
import type { RedisSession } from './redis-session.ts'
import { sealEnvelope } from './wire.ts'
import { withinMs } from './within.ts'

const MAX_WAITING = 10_000
const MAX_WAITING_BYTES = 64 * 1_048_576
const CLOSE_LIMIT_MS = 2_000

/** What everybody is told when a message of somebody's was lost on its way to Redis. */
export const LOSS_NOTICE = 'loss'

export type RedisOutgoingOptions = {
  /** The session in use; rejects when there is none. */
  connect: () => Promise<RedisSession>
  nameOf: (address: Address) => string
  /** Every process listens to this name. */
  nameOfNotices: string
  node: string
  log: Log
}

export type RedisOutgoing = {
  /**
   * Resolves when Redis has the message. With `tx` the message leaves after the commit without
   * anybody waiting for it; one that cannot leave is made good by a notice.
   */
  send(address: Address, text: string, tx?: Tx): Promise<void>
  /** Sends the notice that is owed for lost messages, if any is. */
  settle(): Promise<void>
  /** Resolves when everything handed over has left or failed, at the latest after 2 s. */
  close(): Promise<void>
}

export function createRedisOutgoing(options: RedisOutgoingOptions): RedisOutgoing {
  const { connect, nameOf, nameOfNotices, node, log } = options
  const underway = new Set<Promise<void>>()
  let waitingBytes = 0
  let lastNonce = 0
  let owesNotice = false

  return {
    async send(address, text, tx) {
      const name = nameOf(address)
      lastNonce += 1
      const nonce = lastNonce.toString(36)
      const payload = sealEnvelope({ ...address, from: node, nonce, body: { kind: 'text', text } })
      if (!tx) return await publish(name, payload)
      tx.afterCommit(() => void publish(name, payload).catch(noteLoss))
    },
    settle,
    async close() {
      try {
        await withinMs(CLOSE_LIMIT_MS, Promise.allSettled(underway))
      } catch (error) {
        log.warn({ err: error, waiting: underway.size }, 'the last messages did not leave')
      }
    },
  }

  async function publish(name: string, payload: string): Promise<void> {
    const bytes = Buffer.byteLength(payload)
    if (underway.size >= MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES) {
      throw new AppError('unavailable', 'Too many messages wait for Redis.')
    }
    waitingBytes += bytes
    const leaving = leave(name, payload)
    underway.add(leaving)
    try {
      await leaving
    } finally {
      underway.delete(leaving)
      waitingBytes -= bytes
    }
    await settle()
  }

  // Always by the same number of turns, so that no message overtakes another.
  async function leave(name: string, payload: string): Promise<void> {
    const session = await connect()
    await session.publish(name, payload)
  }

  function noteLoss(error: unknown): void {
    owesNotice = true
    log.warn({ err: error }, 'a committed message did not leave')
  }

  async function settle(): Promise<void> {
    if (!owesNotice) return
    owesNotice = false
    try {
      await leave(nameOfNotices, LOSS_NOTICE)
    } catch (error) {
      noteLoss(error)
    }
  }
}
