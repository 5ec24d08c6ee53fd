// What a consumer is: one conversation, from its connect to its disconnect.
import type { House } from '#lib/http/house.ts'
import type { Hub } from '../hub.ts'
import type { Outbox } from '../outbox.ts'
import type { ClientFrame } from '../protocol.ts'
import type { Scope } from '../scope.ts'

export type Consumer = {
  connect(): void
  /** Frames come one after the other; what any of these throws ends this connection alone. */
  receive(frame: ClientFrame): Promise<void>
  /** The reader has taken everything after having been behind. */
  caughtUp(): void
  disconnect(): void
}

export type ConsumerOptions = {
  here: House
  hub: Hub
  scope: Scope
  outbox: Outbox
  /** The connection's name: a channel of the layer. */
  name: string
  /** Ends the connection with a code of `close-codes.ts`. */
  end(code: number, reason: string): void
  /** Ends the connection over what was thrown: the reader's fault, or ours, which is logged. */
  fail(error: unknown): void
}

export type ConsumerFactory = (options: ConsumerOptions) => Consumer
