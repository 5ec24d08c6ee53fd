// The channel layer over a road between processes: mailboxes here, envelopes out and in.
import { Counter } from 'prom-client'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { createIncoming } from './incoming.ts'
import { ChannelFull, type ChannelLayer, type Handler, type Undo } from './layer.ts'
import { createLayerAnnouncer } from './layer-events.ts'
import { createLocalDelivery, type MailboxBounds } from './local-delivery.ts'
import { encodeMessage, type Message } from './message.ts'
import { checkChannelName, checkGroupName, processChannelName } from './names.ts'
import type { Road, RoadEvents } from './road.ts'
import type { Envelope } from './wire.ts'

const gaps = new Counter({
  name: 'echowall_channel_gaps_total',
  help: 'Times after which messages may have been lost.',
  registers: [registry],
})
const sent = new Counter({
  name: 'echowall_channel_sent_total',
  help: 'Messages handed to the road between processes.',
  labelNames: ['to'],
  registers: [registry],
})

export type RoadLayerOptions = MailboxBounds & {
  node: string
  log: Log
  openRoad: (events: RoadEvents) => Road
}

export type RoadLayer = ChannelLayer & {
  /** True while everything asked for is heard. */
  isListening(): boolean
}

/** Makes no connection to listen by before the first `receive` or `groupAdd`. */
export function createRoadLayer(options: RoadLayerOptions): RoadLayer {
  const { node, log, openRoad, ...bounds } = options
  const announcer = createLayerAnnouncer(log)
  const delivery = createLocalDelivery({ node, log, onDrop: announcer.drop, ...bounds })
  const incoming = createIncoming({
    log,
    isWanted: delivery.isWanted,
    fetch: (id) => road.fetch(id),
    deliver,
    onLoss: announceGap,
  })
  const road = openRoad({
    onPayload: incoming.hear,
    onLoss: announceGap,
    onLost: handleLoss,
    onListening: handleListening,
  })
  let isClosed = false

  return {
    newChannel: (prefix) => processChannelName(prefix, node),
    send,
    receive,
    groupAdd,
    groupDiscard,
    async groupSend(group, message, { tx } = {}) {
      checkOpen()
      checkGroupName(group)
      await road.send({ to: 'group', name: group }, encodeMessage(message), tx)
      sent.inc({ to: 'group' })
    },
    on: announcer.on,
    isListening: road.isListening,
    async flush() {
      delivery.clear()
      await road.releaseAll()
    },
    async close() {
      isClosed = true
      delivery.clear()
      await road.close()
    },
  }

  // A message to a mailbox of this process goes by the road too, so that it cannot overtake
  // what the same sender said to a group before; its place is kept meanwhile.
  async function send(channel: string, message: Message): Promise<void> {
    checkOpen()
    checkChannelName(channel)
    const text = encodeMessage(message)
    const mailbox = delivery.mailbox(channel)
    if (mailbox && !mailbox.reserve()) throw new ChannelFull(channel)
    try {
      await road.send({ to: 'channel', name: channel }, text)
      sent.inc({ to: 'channel' })
    } catch (error) {
      mailbox?.release()
      throw error
    }
  }

  async function receive(channel: string, handler: Handler): Promise<Undo> {
    checkOpen()
    const remove = delivery.receive(channel, handler)
    const undo = async () => {
      for (const address of remove()) await road.release(road.nameOf(address))
    }
    try {
      await road.hold(road.nameOf({ to: 'channel', name: channel }))
    } catch (error) {
      await undo()
      throw error
    }
    return undo
  }

  async function groupAdd(group: string, channel: string): Promise<void> {
    checkOpen()
    const name = road.nameOf({ to: 'group', name: group })
    if (!delivery.join(group, channel)) return await road.untilListening(name)
    try {
      await road.hold(name)
    } catch (error) {
      await groupDiscard(group, channel)
      throw error
    }
  }

  async function groupDiscard(group: string, channel: string): Promise<void> {
    checkOpen()
    if (!delivery.leave(group, channel)) return
    await road.release(road.nameOf({ to: 'group', name: group }))
  }

  function deliver(envelope: Envelope, message: Message): void {
    const { to, name, from } = envelope
    if (to === 'channel' && from === node) delivery.mailbox(name)?.release()
    delivery.deliver(envelope, message)
  }

  function handleLoss(): void {
    incoming.clear()
    announcer.state({ listening: false })
  }

  function handleListening(isFirst: boolean): void {
    if (isClosed) return
    if (!isFirst) announceGap()
    announcer.state({ listening: true })
  }

  function announceGap(): void {
    gaps.inc()
    delivery.releaseAll()
    announcer.gap()
  }

  function checkOpen(): void {
    if (isClosed) throw new Error('The channel layer is closed.')
  }
}
