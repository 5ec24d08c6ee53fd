// The channel layer's contract: how processes and connections speak to each other by name.
import type { Tx } from '#lib/db/client.ts'
import type { Message } from './message.ts'

export type Handler = (message: Message) => void | Promise<void>
export type Undo = () => void | Promise<void>

export type LayerEvents = {
  /** Messages may have been lost: whoever relies on them reads the truth again. */
  gap: () => void
  /** One message was dropped because the mailbox of `channel` was full or the message too old. */
  drop: (channel: string) => void
  /** `listening` is false from the loss of the upstream connection until every name is heard again. */
  state: (state: { listening: boolean }) => void
}

export type ChannelLayer = {
  /** Makes a name nobody else has, `prefix.<node>!<random>`, whose mailbox lives in this process. */
  newChannel(prefix: string): string

  /** Delivers at most once, in order per sender; throws `ChannelFull` where the mailbox lives here and is full. */
  send(channel: string, message: Message): Promise<void>

  /**
   * Hands messages to `handler` one after the other; resolves once sends are heard; its undo also
   * leaves every group. A channel belongs to one receiver in one process.
   */
  receive(channel: string, handler: Handler): Promise<Undo>

  /** Resolves once every later `groupSend` reaches the channel, which lives here; adding twice changes nothing. */
  groupAdd(group: string, channel: string): Promise<void>

  /** After it resolves no later `groupSend` reaches the channel; discarding twice changes nothing. */
  groupDiscard(group: string, channel: string): Promise<void>

  /** Never waits for a receiver; drops for a full mailbox and counts it. With `tx` it leaves at commit or never. */
  groupSend(group: string, message: Message, options?: { tx?: Tx }): Promise<void>

  /** Listens to what befalls the layer; returns its undo. */
  on<E extends keyof LayerEvents>(event: E, handler: LayerEvents[E]): () => void

  /** Forgets all mailboxes and groups of this process; for tests. */
  flush(): Promise<void>

  /** Stops hearing and sending; later calls fail. */
  close(): Promise<void>
}

/** Thrown by `send` when the receiving mailbox lives in this process and is full. */
export class ChannelFull extends Error {
  constructor(channel: string) {
    super(`The mailbox of ${channel} is full.`)
    this.name = 'ChannelFull'
  }
}
