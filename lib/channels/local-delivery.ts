// What this process receives: its mailboxes and the groups they stand in.
import { type Clock, systemClock } from '#lib/clock.ts'
import type { Log } from '#lib/log.ts'
import { type Capacities, createCapacityRule } from './capacity.ts'
import type { Handler } from './layer.ts'
import { createMailbox, type Mailbox, MESSAGE_EXPIRY_MS } from './mailbox.ts'
import type { Message } from './message.ts'
import { checkChannelName, checkGroupName, nodeOfChannel } from './names.ts'

/** Where a message goes: one channel, or every channel of a group. */
export type Address = { to: 'channel' | 'group'; name: string }

/** What bounds the mailboxes of a layer; by default 100 messages, each for 60 s. */
export type MailboxBounds = { clock?: Clock; capacity?: Capacities; expiryMs?: number }

export type LocalDeliveryOptions = MailboxBounds & {
  node: string
  log: Log
  onDrop: (channel: string) => void
}

export type LocalDelivery = {
  /** The mailbox of a channel that somebody here receives from. */
  mailbox(channel: string): Mailbox | undefined
  /** Opens a mailbox; the returned undo closes it and names every address it was reached by. */
  receive(channel: string, handler: Handler): () => Address[]
  /** False when the channel stood in the group already. */
  join(group: string, channel: string): boolean
  /** False when the channel did not stand in the group. */
  leave(group: string, channel: string): boolean
  /** Whether a message to this address has anybody to go to here. */
  isWanted(address: Address): boolean
  deliver(address: Address, message: Message): void
  /** What was on its way is lost: its kept places are free again. */
  releaseAll(): void
  clear(): void
}

export function createLocalDelivery(options: LocalDeliveryOptions): LocalDelivery {
  const { node, log, clock = systemClock, expiryMs = MESSAGE_EXPIRY_MS, onDrop } = options
  const capacityOf = createCapacityRule(options.capacity)
  const mailboxes = new Map<string, Mailbox>()
  const groups = new Map<string, Set<string>>()

  return {
    mailbox: (channel) => mailboxes.get(channel),
    receive,
    join,
    leave,
    isWanted: ({ to, name }) => (to === 'group' ? groups : mailboxes).has(name),
    deliver({ to, name }, message) {
      const channels = to === 'group' ? (groups.get(name) ?? []) : [name]
      for (const channel of channels) mailboxes.get(channel)?.put(message)
    },
    releaseAll() {
      for (const mailbox of mailboxes.values()) mailbox.releaseAll()
    },
    clear() {
      for (const mailbox of mailboxes.values()) mailbox.close()
      mailboxes.clear()
      groups.clear()
    },
  }

  function receive(channel: string, handler: Handler): () => Address[] {
    checkLivesHere(channel)
    if (mailboxes.has(channel)) throw new Error(`Somebody receives from ${channel} already.`)
    const capacity = capacityOf(channel)
    const mailbox = createMailbox({ channel, handler, capacity, expiryMs, clock, log, onDrop })
    mailboxes.set(channel, mailbox)
    return () => (mailboxes.get(channel) === mailbox ? remove(channel, mailbox) : [])
  }

  function remove(channel: string, mailbox: Mailbox): Address[] {
    mailbox.close()
    mailboxes.delete(channel)
    const left = [...groups.keys()].filter((group) => leave(group, channel))
    return [
      { to: 'channel', name: channel },
      ...left.map((name) => ({ to: 'group', name }) as const),
    ]
  }

  function join(group: string, channel: string): boolean {
    checkGroupName(group)
    checkLivesHere(channel)
    const members = groups.get(group) ?? new Set()
    if (members.has(channel)) return false
    groups.set(group, members.add(channel))
    return true
  }

  function leave(group: string, channel: string): boolean {
    const members = groups.get(group)
    if (!members?.delete(channel)) return false
    if (members.size === 0) groups.delete(group)
    return true
  }

  function checkLivesHere(channel: string): void {
    checkChannelName(channel)
    const home = nodeOfChannel(channel)
    if (home !== undefined && home !== node) {
      throw new TypeError(`${channel} lives in another process: only that one can receive from it.`)
    }
  }
}
