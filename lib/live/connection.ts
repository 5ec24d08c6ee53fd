// What a transport promises: one reader, reached by text frames, over WebSocket or SSE.
import type { Frame } from './shared-frame.ts'

export type Connection = {
  readonly id: string
  readonly transport: 'websocket' | 'sse'
  /** Hands one encoded frame to the transport; never blocks. */
  write(frame: Frame): void
  /** Bytes handed over and not yet taken by the operating system. */
  bufferedBytes(): number
  /** Asks the other side's network stack for a sign of life, where the transport can. */
  probe(): void
  /** Calls back once, when `bufferedBytes` has fallen to zero. */
  onDrain(callback: () => void): void
  /** Ends the connection with a code of `close-codes.ts`; a second call changes nothing. */
  close(code: number, reason: string): void
}
