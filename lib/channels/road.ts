// What a road between processes offers to the layer that uses it: PostgreSQL's or Redis's.
import type { Tx } from '#lib/db/client.ts'
import type { Address } from './local-delivery.ts'

/** What the layer does with what befalls its road. */
export type RoadEvents = {
  /** An envelope arrived by a name that somebody here holds. */
  onPayload(payload: string): void
  /** At least one message is lost. */
  onLoss(): void
  /** The connection is lost: nothing is heard until `onListening`. */
  onLost(): void
  /** `isFirst` is false when messages may have been lost since the last connection. */
  onListening(isFirst: boolean): void
}

export type Road = {
  /** The road's own name for what carries messages to this address. */
  nameOf(address: Address): string
  /** Counts one more holder of the name and resolves once it is listened to. */
  hold(name: string): Promise<void>
  /** Resolves once a name that somebody holds is listened to. */
  untilListening(name: string): Promise<void>
  /** Counts one holder less; the last one's going ends the listening. */
  release(name: string): Promise<void>
  releaseAll(): Promise<void>
  isListening(): boolean
  /** Resolves when the message has left; with `tx`, when it will leave after the commit. */
  send(address: Address, text: string, tx?: Tx): Promise<void>
  /** The text of a message that was too large for its envelope, or undefined when it is gone. */
  fetch(id: string): Promise<string | undefined>
  /** Resolves when what was handed over has left or failed, at the latest after 2 s. */
  close(): Promise<void>
}

/** One life of a road's connection: it watches itself and ends once, for good. */
export type Session = {
  /** Resolves once the other side has acknowledged the name; a failure ends the session. */
  listen(name: string): Promise<void>
  unlisten(name: string): Promise<void>
  /** The names listened to or asked for. */
  names(): string[]
  /** Resolves with the reason when the session is over. */
  readonly ended: Promise<string>
  end(reason: string): Promise<void>
}
