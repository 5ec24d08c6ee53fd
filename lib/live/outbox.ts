// One reader's bounded outbox: what is dropped is made good by a snapshot.
import type { Connection } from './connection.ts'
import type { Frame } from './shared-frame.ts'

/** Above this the reader is behind; a snapshot's frames are at most about as large. */
const HIGH_WATER_BYTES = 512 * 1024
/** A reader that takes nothing for this long is let go. */
const PATIENCE_MS = 60_000

export type Outbox = {
  /** Writes the frame, or answers false when the reader is behind: the caller then marks what it missed. */
  offer(frame: Frame): boolean
  /** Small frames without which a reader is lost (welcome, denied, bye); written always. */
  insist(frame: Frame): void
  /** Resolves when the reader has taken everything, false when it has not for a minute. */
  drained(): Promise<boolean>
  /** A right was taken away: what was written is taken within this time, or the connection is cut. */
  recall(withinMs: number): void
  /** When the last frame was written, by the steady clock. */
  lastWriteMs(): number
  close(): void
}

export type OutboxOptions = {
  connection: Connection
  steadyMs: () => number
  /** Called when the reader, once behind, has caught up. */
  onCaughtUp: () => void
  onTooSlow: () => void
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { connection, steadyMs, onCaughtUp, onTooSlow } = options
  let lastWriteMs = steadyMs()
  let waiting: Promise<boolean> | undefined
  let patience: NodeJS.Timeout | undefined
  let behind = false

  return {
    offer(frame) {
      if (connection.bufferedBytes() + frame.length > HIGH_WATER_BYTES && !isEmpty()) {
        announceCatchUp()
        return false
      }
      write(frame)
      return true
    },
    insist: write,
    drained,
    recall,
    lastWriteMs() {
      return lastWriteMs
    },
    close() {
      clearTimeout(patience)
    },
  }

  // What the transport holds cannot be picked over; its timer outlives a good-bye on the way.
  function recall(withinMs: number): void {
    if (isEmpty()) return
    const timer = setTimeout(connection.cut, withinMs)
    void drained().then((taken) => taken && clearTimeout(timer))
  }

  function isEmpty(): boolean {
    return connection.bufferedBytes() === 0
  }

  function write(frame: Frame): void {
    lastWriteMs = steadyMs()
    connection.write(frame)
  }

  function announceCatchUp(): void {
    if (behind) return
    behind = true
    void drained().then((taken) => {
      behind = false
      if (taken) onCaughtUp()
    })
  }

  // Many callers wait for one drain.
  function drained(): Promise<boolean> {
    if (isEmpty()) return Promise.resolve(true)
    waiting ??= waitForDrain().finally(() => {
      waiting = undefined
    })
    return waiting
  }

  function waitForDrain(): Promise<boolean> {
    return new Promise((resolve) => {
      patience = setTimeout(() => {
        resolve(false)
        onTooSlow()
      }, PATIENCE_MS)
      connection.onDrain(() => {
        clearTimeout(patience)
        resolve(true)
      })
    })
  }
}
