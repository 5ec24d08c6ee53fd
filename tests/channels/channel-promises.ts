// What a layer promises of channels: newChannel, send and receive.
import { expect, it } from 'vitest'
import { MAILBOX_CAPACITY } from '#lib/channels/capacity.ts'
import { ChannelFull } from '#lib/channels/layer.ts'
import { MESSAGE_EXPIRY_MS } from '#lib/channels/mailbox.ts'
import { until } from '../support/until.ts'
import { createReceiver } from './receiver.ts'
import {
  expectNothingMore,
  here,
  numbered,
  openChannel,
  openHeldChannel,
  processes,
  recordDrops,
  there,
  typesOf,
  uniqueName,
  untilAllArrived,
} from './two-processes.ts'

export function newChannelPromises(): void {
  it('makes names nobody else has', () => {
    const names = [here, there].flatMap((layer) =>
      Array.from({ length: 100 }, () => layer.newChannel('tab')),
    )
    expect(new Set(names).size).toBe(200)
    expect(names.every((name) => /^tab\.[A-Za-z0-9_-]+![A-Za-z0-9_-]+$/.test(name))).toBe(true)
  })

  it('makes channels that live in this process and can be received from in no other', async () => {
    await expect(there.receive(here.newChannel('tab'), () => {})).rejects.toThrow(TypeError)
  })
}

export function sendPromises(): void {
  it('reaches a process channel from the same and from another process, once', async () => {
    const { channel, receiver } = await openChannel(here)
    await here.send(channel, { type: 'from.here' })
    await there.send(channel, { type: 'from.there' })
    expect(typesOf(await receiver.untilCount(2))).toEqual(['from.here', 'from.there'])
    await expectNothingMore(channel, receiver, 2)
  })

  it('reaches a channel with an ordinary name', async () => {
    const { channel, receiver } = await openChannel(here, uniqueName())
    await there.send(channel, { type: 'hello', to: 'you' })
    expect(await receiver.untilCount(1)).toEqual([{ type: 'hello', to: 'you' }])
  })

  it('keeps the order of a sender who awaits nothing', async () => {
    const { channel, receiver } = await openChannel(here)
    await Promise.all(numbered(50).map((message) => there.send(channel, message)))
    expect(await receiver.untilCount(50)).toEqual(numbered(50))
  })

  it('keeps the order when a large message is followed by small ones', async () => {
    const { channel, receiver } = await openChannel(here)
    const large = { type: 'large', text: 'ü'.repeat(100_000) }
    const messages = numbered(10).flatMap((small) => [large, small])
    await Promise.all(messages.map((message) => there.send(channel, message)))
    expect(await receiver.untilCount(20)).toEqual(messages)
  })

  it('is forgotten when nobody receives', async () => {
    await expect(here.send(here.newChannel('tab'), { type: 'x' })).resolves.toBeUndefined()
    await expect(here.send(uniqueName(), { type: 'x' })).resolves.toBeUndefined()
    const foreign = `${'x'.repeat(90)}!made.up`
    await expect(here.send(foreign, { type: 'x' })).resolves.toBeUndefined()
  })
}

export function fullMailboxPromises(): void {
  it('throws ChannelFull where the mailbox lives, and goes on once there is room', async () => {
    const { channel, receiver } = await openHeldChannel()
    await Promise.all(numbered(MAILBOX_CAPACITY).map((message) => here.send(channel, message)))
    await expect(here.send(channel, { type: 'one.more' })).rejects.toThrow(ChannelFull)
    receiver.letGo()
    await receiver.untilCount(MAILBOX_CAPACITY + 1)
    await here.send(channel, { type: 'again' })
    expect((await receiver.untilCount(MAILBOX_CAPACITY + 2)).at(-1)).toEqual({ type: 'again' })
  })

  it('from another process never fails: the receiver drops the newest and says so', async () => {
    const { channel, receiver } = await openHeldChannel()
    const drops = recordDrops(here)
    const messages = numbered(MAILBOX_CAPACITY + 3)
    for (const message of messages) await there.send(channel, message)
    await until(() => drops.length === 3)
    expect(drops).toEqual([channel, channel, channel])
    receiver.letGo()
    const heard = await receiver.untilCount(MAILBOX_CAPACITY + 1)
    expect(heard.slice(1)).toEqual(messages.slice(0, MAILBOX_CAPACITY))
  })

  it('forgets what waited 60 s, says so, and has room again', async () => {
    const { channel, receiver } = await openHeldChannel()
    const drops = recordDrops(here)
    for (const message of numbered(MAILBOX_CAPACITY)) await there.send(channel, message)
    await untilAllArrived()
    processes.clock.advance(MESSAGE_EXPIRY_MS + 1)
    await there.send(channel, { type: 'fresh' })
    await until(() => drops.length === MAILBOX_CAPACITY)
    receiver.letGo()
    expect(typesOf(await receiver.untilCount(2))).toEqual(['first', 'fresh'])
  })
}

export function receivePromises(): void {
  it('hands messages over one after the other', async () => {
    const channel = here.newChannel('tab')
    let [underway, most, done] = [0, 0, 0]
    await here.receive(channel, async () => {
      most = Math.max(most, ++underway)
      await new Promise(setImmediate)
      underway -= 1
      done += 1
    })
    for (const message of numbered(10)) await there.send(channel, message)
    await until(() => done === 10)
    expect(most).toBe(1)
  })

  it('survives a handler that fails', async () => {
    const channel = here.newChannel('tab')
    const heard: string[] = []
    await here.receive(channel, ({ type }) => {
      heard.push(type)
      if (type === 'bad') throw new Error('This handler fails.')
    })
    for (const type of ['bad', 'good']) await there.send(channel, { type })
    await until(() => heard.length === 2)
    expect(heard).toEqual(['bad', 'good'])
  })

  it('belongs to one receiver at a time', async () => {
    const { channel, undo } = await openChannel(here)
    await expect(here.receive(channel, () => {})).rejects.toThrow('receives from')
    await undo()
    await expect(here.receive(channel, () => {})).resolves.toBeTypeOf('function')
  })

  it('hands over nothing after its undo, which also leaves every group', async () => {
    const { channel, receiver, undo } = await openChannel(here)
    const group = uniqueName()
    await here.groupAdd(group, channel)
    await undo()
    await undo()
    await there.send(channel, { type: 'late' })
    await there.groupSend(group, { type: 'late' })
    await untilAllArrived()
    const again = createReceiver()
    await here.receive(channel, again.handler)
    await there.groupSend(group, { type: 'late' })
    await expectNothingMore(channel, again)
    expect(receiver.messages).toEqual([])
  })
}
