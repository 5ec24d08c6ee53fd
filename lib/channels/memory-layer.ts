// The channel layer in memory: for tests, and the plainest reading of the contract.
import type { Log } from '#lib/log.ts'
import { ChannelFull, type ChannelLayer } from './layer.ts'
import { createLayerAnnouncer } from './layer-events.ts'
import {
  type Address,
  createLocalDelivery,
  type LocalDelivery,
  type MailboxBounds,
} from './local-delivery.ts'
import { decodeMessage, encodeMessage } from './message.ts'
import { checkChannelName, checkGroupName, newNodeName, processChannelName } from './names.ts'

/** What stands between the layers of several simulated processes. */
export type MemoryBus = { deliveries: Set<LocalDelivery> }

export type MemoryLayerOptions = MailboxBounds & { log: Log; bus?: MemoryBus }

export function createMemoryBus(): MemoryBus {
  return { deliveries: new Set() }
}

/** Layers with the same bus hear each other, as processes with the same database do. */
export function createMemoryLayer(options: MemoryLayerOptions): ChannelLayer {
  const { log, bus = createMemoryBus(), ...bounds } = options
  const node = newNodeName()
  const announcer = createLayerAnnouncer(log)
  const delivery = createLocalDelivery({ node, log, onDrop: announcer.drop, ...bounds })
  let isClosed = false
  bus.deliveries.add(delivery)

  return {
    newChannel: (prefix) => processChannelName(prefix, node),
    async send(channel, message) {
      checkOpen()
      checkChannelName(channel)
      const text = encodeMessage(message)
      const mailbox = delivery.mailbox(channel)
      if (mailbox && !mailbox.reserve()) throw new ChannelFull(channel)
      mailbox?.release()
      publish({ to: 'channel', name: channel }, text)
    },
    async receive(channel, handler) {
      checkOpen()
      const remove = delivery.receive(channel, handler)
      return () => void remove()
    },
    async groupAdd(group, channel) {
      checkOpen()
      delivery.join(group, channel)
    },
    async groupDiscard(group, channel) {
      checkOpen()
      delivery.leave(group, channel)
    },
    async groupSend(group, message, { tx } = {}) {
      checkOpen()
      checkGroupName(group)
      const text = encodeMessage(message)
      if (tx) tx.afterCommit(() => publish({ to: 'group', name: group }, text))
      else publish({ to: 'group', name: group }, text)
    },
    on: announcer.on,
    async flush() {
      delivery.clear()
    },
    async close() {
      isClosed = true
      delivery.clear()
      bus.deliveries.delete(delivery)
    },
  }

  // Each process reads the text for itself, so none can change what another sees.
  function publish(address: Address, text: string): void {
    for (const delivery of bus.deliveries) {
      const message = decodeMessage(text)
      if (message) delivery.deliver(address, message)
    }
  }

  function checkOpen(): void {
    if (isClosed) throw new Error('The channel layer is closed.')
  }
}
