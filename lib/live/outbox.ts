// One reader's bounded outbox: what is dropped is made good by a snapshot.
import type { Connection } from './connection.ts'
import type { Frame } from './shared-frame.ts'

/** Above this the reader is behind; a snapshot's frames are at most about as large. */
const HIGH_WATER_BYTES = 512 * 1024
/** Small frames cost more than their bytes: about 300 each. */
const HIGH_WATER_FRAMES = 1_000
/** Up to here no reader is waited for: no stream of Node's has a higher high-water mark. */
const LITTLE_BYTES = 64 * 1024
/** A reader that takes nothing for this long is let go. */
const PATIENCE_MS = 60_000

export type Outbox = {
  /** Writes the frame, or answers false when the reader is behind: the caller then marks what it missed. */
  offer(frame: Frame): boolean
  /** Small frames without which a reader is lost (welcome, denied, bye); written always. */
  insist(frame: Frame): void
  /**
   * Writes what `make` gives once the reader has taken what is before it, one after the other where
   * many wait; false when it gives nothing by then, or the reader took nothing for a minute.
   */
  inTurn(make: () => Frame | undefined): Promise<boolean>
  /** Whether next to nothing waits for the reader; otherwise `onCaughtUp` comes once all is taken. */
  keepsUp(): boolean
  /** Resolves when next to nothing waits for the reader, false when it took nothing for a minute. */
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
  /** How many were written since the transport was empty. */
  let frames = 0

  return {
    offer(frame) {
      const held = connection.bufferedBytes()
      const isFull = held + frame.length > HIGH_WATER_BYTES || frames >= HIGH_WATER_FRAMES
      if (isFull && held > 0) {
        announceCatchUp()
        return false
      }
      write(frame, held)
      return true
    },
    insist: write,
    inTurn,
    keepsUp() {
      const waitsForLittle = isLittle()
      if (!waitsForLittle) announceCatchUp()
      return waitsForLittle
    },
    drained,
    recall,
    lastWriteMs() {
      return lastWriteMs
    },
    close() {
      clearTimeout(patience)
    },
  }

  // What the transport holds cannot be picked over. A good-bye on its way changes nothing.
  function recall(withinMs: number): void {
    if (!isEmpty()) setTimeout(() => isEmpty() || connection.cut(), withinMs)
  }

  function isLittle(): boolean {
    return connection.bufferedBytes() < LITTLE_BYTES
  }

  function isEmpty(): boolean {
    return connection.bufferedBytes() === 0
  }

  function write(frame: Frame, held = connection.bufferedBytes()): void {
    lastWriteMs = steadyMs()
    frames = held === 0 ? 1 : frames + 1
    connection.write(frame)
  }

  // One drain wakes all who wait: each looks again, and writes in the same breath.
  async function inTurn(make: () => Frame | undefined): Promise<boolean> {
    do {
      if (!(await drained())) return false
    } while (!isLittle())
    const frame = make()
    if (frame !== undefined) write(frame)
    return frame !== undefined
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
