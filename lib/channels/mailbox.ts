// One channel's mailbox: a bounded queue, its messages handled one after the other.
import { Counter } from 'prom-client'
import type { Clock } from '#lib/clock.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import type { Handler } from './layer.ts'
import type { Message } from './message.ts'

export const MESSAGE_EXPIRY_MS = 60_000
/** Whoever takes longer keeps what comes after waiting: it is logged with its type. */
export const SLOW_HANDLER_MS = 50

const received = new Counter({
  name: 'echowall_channel_received_total',
  help: 'Messages handed to a handler.',
  registers: [registry],
})
const dropped = new Counter({
  name: 'echowall_channel_dropped_total',
  help: 'Messages dropped because a mailbox was full or they waited too long in it.',
  labelNames: ['reason'],
  registers: [registry],
})
const failures = new Counter({
  name: 'echowall_channel_handler_failures_total',
  help: 'Messages whose handler threw.',
  registers: [registry],
})

export type MailboxOptions = {
  channel: string
  handler: Handler
  capacity: number
  expiryMs: number
  clock: Clock
  log: Log
  onDrop: (channel: string) => void
}

export type Mailbox = {
  /** Keeps a place for a message that is on its way; false when every place is taken. */
  reserve(): boolean
  /** Gives a kept place back: its message arrives now, or never will. */
  release(): void
  /** Gives every kept place back: what was on its way is lost. */
  releaseAll(): void
  /** Queues a message for the handler, or drops it and says so; never calls the handler itself. */
  put(message: Message): void
  /** Forgets what waits; the handler is not called again. */
  close(): void
}

/** Expiry counts from arrival on the receiver's steady clock: two machines' clocks may disagree. */
export function createMailbox(options: MailboxOptions): Mailbox {
  const { channel, handler, capacity, expiryMs, clock, log, onDrop } = options
  const waiting: { message: Message; arrivedMs: number }[] = []
  let reserved = 0
  let isHandling = false
  let isClosed = false

  return {
    reserve() {
      if (isFull()) return false
      reserved += 1
      return true
    },
    release() {
      reserved = Math.max(0, reserved - 1)
    },
    releaseAll() {
      reserved = 0
    },
    put(message) {
      if (isClosed) return
      if (isFull()) return drop('full')
      waiting.push({ message, arrivedMs: clock.steadyMs() })
      if (!isHandling) void handleWaiting()
    },
    close() {
      isClosed = true
      waiting.length = 0
    },
  }

  function isFull(): boolean {
    dropExpired()
    return waiting.length + reserved >= capacity
  }

  async function handleWaiting(): Promise<void> {
    isHandling = true
    // The sender's own call ends before the first handler runs.
    await Promise.resolve()
    for (let next = takeNext(); next; next = takeNext()) await handle(next)
    isHandling = false
  }

  function takeNext(): Message | undefined {
    dropExpired()
    return waiting.shift()?.message
  }

  async function handle(message: Message): Promise<void> {
    received.inc()
    const { type } = message
    const startedMs = clock.steadyMs()
    try {
      await handler(message)
    } catch (error) {
      failures.inc()
      log.error({ err: error, channel, type }, 'a message handler failed')
    }
    const ms = Math.round(clock.steadyMs() - startedMs)
    if (ms > SLOW_HANDLER_MS) log.warn({ channel, type, ms }, 'a message was handled slowly')
  }

  function dropExpired(): void {
    const oldestMs = clock.steadyMs() - expiryMs
    while (waiting[0] && waiting[0].arrivedMs < oldestMs) {
      waiting.shift()
      drop('expired')
    }
  }

  function drop(reason: 'full' | 'expired'): void {
    dropped.inc({ reason })
    onDrop(channel)
  }
}
