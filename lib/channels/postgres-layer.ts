// The channel layer on PostgreSQL LISTEN/NOTIFY: the default between processes.
import { Counter } from 'prom-client'
import type { Clock } from '#lib/clock.ts'
import type { Db } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { createIncoming } from './incoming.ts'
import { ChannelFull, type ChannelLayer, type Handler, type Undo } from './layer.ts'
import { createLayerAnnouncer } from './layer-events.ts'
import { createListener } from './listener.ts'
import { createLocalDelivery } from './local-delivery.ts'
import { createLoopBack } from './loop-back.ts'
import { encodeMessage, type Message } from './message.ts'
import { checkChannelName, checkGroupName, newNodeName, processChannelName } from './names.ts'
import { createOutgoing } from './outgoing.ts'
import { type Envelope, notifyChannelOf, notifyChannelOfNode } from './wire.ts'

const gaps = new Counter({
  name: 'echowall_channel_gaps_total',
  help: 'Times after which messages may have been lost.',
  registers: [registry],
})

export type PostgresLayerOptions = {
  /** For the LISTEN connection: the server itself, not a transaction pooler. */
  url: string
  /** Carries what is sent. */
  db: Db
  log: Log
  clock?: Clock
  capacity?: number
}

export type PostgresLayer = ChannelLayer & {
  /** True while everything asked for is heard. */
  isListening(): boolean
}

/** Connects to nothing until the first `receive` or `groupAdd`; sending uses `db` alone. */
export function createPostgresLayer(options: PostgresLayerOptions): PostgresLayer {
  const { url, db, clock, capacity } = options
  const log = options.log.child({ scope: 'channels' })
  const node = newNodeName()
  const announcer = createLayerAnnouncer(log)
  const delivery = createLocalDelivery({ node, log, clock, capacity, onDrop: announcer.drop })
  const outgoing = createOutgoing({ db, node, log })
  const incoming = createIncoming({
    log,
    isWanted: delivery.isWanted,
    fetch: (id) => listener.fetch(id),
    deliver,
    onLoss: announceGap,
  })
  const ownName = notifyChannelOfNode(node)
  const loopBack = createLoopBack({ db, name: ownName })
  const listener = createListener({
    url,
    log,
    ownName,
    prove: loopBack.prove,
    onNotify: (payload) => loopBack.hear(payload) || incoming.hear(payload),
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
      await outgoing.send({ to: 'group', name: group }, encodeMessage(message), tx)
    },
    on: announcer.on,
    isListening: listener.isListening,
    async flush() {
      delivery.clear()
      await listener.releaseAll()
    },
    async close() {
      isClosed = true
      delivery.clear()
      await outgoing.close()
      await listener.close()
    },
  }

  // A message to a mailbox of this process goes by PostgreSQL too, so that it cannot overtake
  // what the same sender said to a group before; its place is kept meanwhile.
  async function send(channel: string, message: Message): Promise<void> {
    checkOpen()
    checkChannelName(channel)
    const text = encodeMessage(message)
    const mailbox = delivery.mailbox(channel)
    if (mailbox && !mailbox.reserve()) throw new ChannelFull(channel)
    try {
      await outgoing.send({ to: 'channel', name: channel }, text)
    } catch (error) {
      mailbox?.release()
      throw error
    }
  }

  async function receive(channel: string, handler: Handler): Promise<Undo> {
    checkOpen()
    const remove = delivery.receive(channel, handler)
    const undo = async () => {
      for (const address of remove()) await listener.release(notifyChannelOf(address))
    }
    try {
      await listener.hold(notifyChannelOf({ to: 'channel', name: channel }))
    } catch (error) {
      await undo()
      throw error
    }
    return undo
  }

  async function groupAdd(group: string, channel: string): Promise<void> {
    checkOpen()
    const name = notifyChannelOf({ to: 'group', name: group })
    if (!delivery.join(group, channel)) return await listener.untilListening(name)
    try {
      await listener.hold(name)
    } catch (error) {
      await groupDiscard(group, channel)
      throw error
    }
  }

  async function groupDiscard(group: string, channel: string): Promise<void> {
    checkOpen()
    if (!delivery.leave(group, channel)) return
    await listener.release(notifyChannelOf({ to: 'group', name: group }))
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
