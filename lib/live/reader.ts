// One reader's conversation: frames in order, faults kept to it, a pulse in silence.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SLOW_HANDLER_MS } from '#lib/channels/mailbox.ts'
import { systemClock } from '#lib/clock.ts'
import { AppError } from '#lib/errors.ts'
import type { House } from '#lib/http/house.ts'
import { CLOSE } from './close-codes.ts'
import type { Connection } from './connection.ts'
import type { ConsumerFactory } from './consumers/consumer.ts'
import { decodeFrame, encodeFrame } from './frames.ts'
import type { Hub } from './hub.ts'
import { createOutbox } from './outbox.ts'
import { type ClientFrame, TICK_MS } from './protocol.ts'
import type { Scope } from './scope.ts'
import { type SharedFrame, shareFrame } from './shared-frame.ts'

/** Frames that may wait for the one being handled: every topic twice, and some. */
const MAX_WAITING = 2_100
/** A WebSocket reader is gone when neither it nor its network stack answers three heartbeats. */
const HEARTBEATS_MISSED = 3

/** A moment, on the steady clock and as it is told to silent readers: made once for all of them. */
export type Beat = { atMs: number; tick: SharedFrame; ping: SharedFrame }

export function beatAt(now: string): Beat {
  return {
    atMs: systemClock.steadyMs(),
    tick: shareFrame(encodeFrame({ type: 'tick', now })),
    ping: shareFrame(encodeFrame({ type: 'ping', now })),
  }
}

export type Reader = Pick<Connection, 'transport' | 'bufferedBytes'> & {
  /** A frame from the reader, as text; a bad one ends the connection with 4500. */
  receive(text: string): void
  /** The other side gave a sign of life that is no frame. */
  alive(): void
  /** Sends `tick`, `ping` or good-bye as the time demands; called a few times a second. */
  pulse(beat: Beat): void
  end(code: number, reason: string, afterMs?: number): void
  /** The transport is closed: nothing more is sent or received. */
  disconnect(): void
}

export type ReaderOptions = {
  here: House
  hub: Hub
  scope: Scope
  connection: Connection
  createConsumer: ConsumerFactory
}

export function createReader(options: ReaderOptions): Reader {
  const { here, hub, scope, connection, createConsumer } = options
  const steadyMs = systemClock.steadyMs
  const heartbeatMs = here.config.HEARTBEAT_SECONDS * 1_000
  const waiting: ClientFrame[] = []
  let isBusy = false
  let isOver = false
  let lastHeardMs = steadyMs()
  let lastPingMs = steadyMs()

  const outbox = createOutbox({
    connection,
    steadyMs,
    onCaughtUp() {
      guard(consumer.caughtUp)
    },
    onTooSlow() {
      end(CLOSE.tooSlow, 'Nothing was read for a minute.')
    },
  })
  const consumer = createConsumer({ here, hub, scope, outbox, name: connection.id, end, fail })
  guard(consumer.connect)

  const { transport, bufferedBytes } = connection
  return { transport, bufferedBytes, receive, alive, pulse, end, disconnect }

  function receive(text: string): void {
    if (isOver) return
    alive()
    try {
      const frame = decodeFrame(text)
      if (frame.type === 'pong') return
      if (waiting.length >= MAX_WAITING) throw new AppError('invalid', 'Too many frames at once.')
      waiting.push(frame)
      if (!isBusy) void work()
    } catch (error) {
      fail(error)
    }
  }

  function alive(): void {
    lastHeardMs = steadyMs()
  }

  async function work(): Promise<void> {
    isBusy = true
    for (let frame = waiting.shift(); frame && !isOver; frame = waiting.shift()) {
      // Answers are always written: whoever asks on without reading them waits for them.
      if (!(await outbox.drained())) return
      await hand(frame)
      await nextTurn()
    }
    isBusy = false
  }

  async function hand(frame: ClientFrame): Promise<void> {
    const startedMs = steadyMs()
    try {
      await consumer.receive(frame)
    } catch (error) {
      fail(error)
    }
    const ms = Math.round(steadyMs() - startedMs)
    if (ms <= SLOW_HANDLER_MS) return
    here.log.warn({ connection: connection.id, type: frame.type, ms }, 'a frame was handled slowly')
  }

  function guard(step: () => void): void {
    try {
      step()
    } catch (error) {
      fail(error)
    }
  }

  function fail(error: unknown): void {
    if (error instanceof AppError && error.code === 'invalid') {
      end(CLOSE.invalidFrame, error.message)
      return
    }
    here.log.error({ err: error, connection: connection.id }, 'a consumer failed')
    end(CLOSE.internal, 'Something failed on our side.')
  }

  function pulse(beat: Beat): void {
    if (isOver) return
    const nowMs = beat.atMs
    if (nowMs - lastPingMs >= heartbeatMs) {
      // Who answers frames need not be asked in another way; who only listens has to be.
      if (lastHeardMs < lastPingMs) connection.probe()
      lastPingMs = nowMs
      outbox.insist(beat.ping)
    } else if (nowMs - outbox.lastWriteMs() >= TICK_MS) {
      outbox.insist(beat.tick)
    }
    // An EventSource cannot answer by itself; its socket's errors tell when it has gone.
    const silentMs = nowMs - lastHeardMs
    if (
      connection.transport === 'websocket' &&
      silentMs > HEARTBEATS_MISSED * heartbeatMs + 1_000
    ) {
      end(CLOSE.silent, 'No answer to the heartbeat.')
    }
  }

  function end(code: number, reason: string, afterMs = 0): void {
    if (isOver) return
    outbox.insist(encodeFrame({ type: 'bye', code, after_ms: afterMs }))
    disconnect()
    connection.close(code, reason)
  }

  function disconnect(): void {
    if (isOver) return
    isOver = true
    waiting.length = 0
    outbox.close()
    guard(consumer.disconnect)
  }
}
