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

/** Each line of these comments is a promise that `tests/channels/layer-promises.ts` tests by its words. */
export type ChannelLayer = {
  /**
   * Makes a name that nobody else has: `prefix.<node>!<random>`.
   * Makes channels that live in this process: no other can receive from them.
   */
  newChannel(prefix: string): string

  /**
   * Delivers at most once, to whoever receives from the channel, in whichever process.
   * Forgets a message that nobody receives.
   * Keeps the order of a sender's calls, also when small messages follow a large one.
   * Throws `ChannelFull` where the mailbox lives in this process and is full.
   * Never fails for a mailbox elsewhere: the receiver drops the newest message and says so.
   * Finds room for 100 messages, or for as many as `capacity` says of channels with such a name.
   * Lets a message wait for 60 s, or for `expiryMs`, by the clock of the receiving layer.
   * Takes names of 1 to 99 characters of `[A-Za-z0-9._-]`, and one `!` inside at most.
   * Takes plain JSON with a `type` of 1 to 100 characters, of 1 MiB at most.
   * Gives each receiver a message of its own.
   */
  send(channel: string, message: Message): Promise<void>

  /**
   * Hands messages over one after the other.
   * Survives a handler that fails.
   * Belongs to one receiver at a time.
   * Hands over nothing after its undo, which also leaves every group.
   */
  receive(channel: string, handler: Handler): Promise<Undo>

  /**
   * Resolves once every later message to the group reaches the channel, which lives here.
   * Changes nothing when it is repeated.
   * Lets one channel stand in several groups.
   */
  groupAdd(group: string, channel: string): Promise<void>

  /**
   * Keeps every later message to the group from the channel, and from it alone.
   * Changes nothing for a channel that does not stand there.
   */
  groupDiscard(group: string, channel: string): Promise<void>

  /**
   * Reaches every channel of the group in every process, and no other group.
   * Never waits for a receiver: it drops for the full mailbox alone, and says so.
   * Is not overtaken by what the same sender sends to a channel of the group.
   * Delivers equal messages as often as they were sent.
   * Takes names of 1 to 99 characters of `[A-Za-z0-9._-]`.
   * Lets nothing leave before the commit of `tx`, and everything in order after it.
   * Lets nothing leave after a rollback of `tx`.
   */
  groupSend(group: string, message: Message, options?: { tx?: Tx }): Promise<void>

  /**
   * Tells every listener what befalls the layer, until its undo.
   */
  on<E extends keyof LayerEvents>(event: E, handler: LayerEvents[E]): () => void

  /**
   * Forgets all mailboxes and groups of this process, for tests.
   */
  flush(): Promise<void>

  /**
   * Lets every later call fail, and changes nothing when it is repeated.
   */
  close(): Promise<void>
}

/** Thrown by `send` when the receiving mailbox lives in this process and is full. */
export class ChannelFull extends Error {
  constructor(channel: string) {
    super(`The mailbox of ${channel} is full.`)
    this.name = 'ChannelFull'
  }
}
