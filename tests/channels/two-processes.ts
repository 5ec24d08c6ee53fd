// Two processes for a layer's promises, anew for each test.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect } from 'vitest'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import type { MailboxBounds } from '#lib/channels/local-delivery.ts'
import type { Tx } from '#lib/db/client.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { createReceiver, type Receiver } from './receiver.ts'

/** Two processes that share one wire, and transactions of that wire. */
export type TwoProcesses = {
  here: ChannelLayer
  there: ChannelLayer
  transact(work: (tx: Tx) => Promise<void>): Promise<void>
}

/** Makes the two with a layer's own bounds each. */
export type MakeProcesses = (here: MailboxBounds, there: MailboxBounds) => TwoProcesses

/** What the channels of `here` hold when their name begins so. */
export const WIDE = { prefix: 'wide', capacity: 150 }
/** How long a message may wait in `there`. */
export const SHORT_EXPIRY_MS = 5_000

export let processes: TwoProcesses
export let clock: ManualClock
export let here: ChannelLayer
export let there: ChannelLayer

/** Makes the two processes before each test of the surrounding `describe`, and closes them after it. */
export function useProcesses(makeProcesses: MakeProcesses): void {
  beforeEach(() => {
    clock = createManualClock()
    processes = makeProcesses(
      { clock, capacity: { [`${WIDE.prefix}.*`]: WIDE.capacity } },
      { clock, expiryMs: SHORT_EXPIRY_MS },
    )
    here = processes.here
    there = processes.there
  })
  afterEach(async () => {
    await here.close()
    await there.close()
  })
}

export const uniqueName = () => `test.${randomUUID()}`
export const typesOf = (messages: { type: string }[]) => messages.map(({ type }) => type)
export const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ type: 'numbered', n }))

export async function openChannel(layer: ChannelLayer, channel = layer.newChannel('tab')) {
  const receiver = createReceiver()
  const undo = await layer.receive(channel, receiver.handler)
  return { channel, receiver, undo }
}

/** A channel, of `here` unless told otherwise, whose handler is stuck with the message `first`. */
export async function openHeldChannel(layer = here, channel = layer.newChannel('tab')) {
  const opened = await openChannel(layer, channel)
  opened.receiver.hold()
  await layer.send(opened.channel, { type: 'first' })
  await opened.receiver.untilCount(1)
  return opened
}

export function recordDrops(layer: ChannelLayer): string[] {
  const drops: string[] = []
  layer.on('drop', (channel) => drops.push(channel))
  return drops
}

/** Resolves when everything that one process has sent so far has come to the other. */
export async function untilAllArrived(from = there, to = here): Promise<void> {
  const { channel, receiver, undo } = await openChannel(to)
  await from.send(channel, { type: 'all.arrived' })
  await receiver.untilCount(1)
  await undo()
}

/** Sends a last message, by the same wire, and sees that it comes right after `count` others. */
export async function expectNothingMore(
  channel: string,
  receiver: Receiver,
  count = 0,
): Promise<void> {
  await there.send(channel, { type: 'last' })
  const messages = await receiver.untilCount(count + 1)
  expect(messages).toHaveLength(count + 1)
  expect(messages.at(-1)).toEqual({ type: 'last' })
}
