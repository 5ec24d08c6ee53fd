// What a layer promises of channels: newChannel, send and receive.
import { expect } from 'vitest'
import { MAILBOX_CAPACITY } from '#lib/channels/capacity.ts'
import { ChannelFull } from '#lib/channels/layer.ts'
import { until } from '../support/until.ts'
import { promise } from './promise.ts'
import { createReceiver } from './receiver.ts'
import {
  expectNothingMore,
  here,
  numbered,
  openChannel,
  openHeldChannel,
  recordDrops,
  there,
  typesOf,
  uniqueName,
  untilAllArrived,
  WIDE,
} from './two-processes.ts'

export function newChannelPromises(): void {
  promise('Makes a name that nobody else has: `prefix.<node>!<random>`.', () => {
    const names = [here, there].flatMap((layer) =>
      Array.from({ length: 100 }, () => layer.newChannel('tab')),
    )
    expect(new Set(names).size).toBe(200)
    expect(names.every((name) => /^tab\.[A-Za-z0-9_-]+![A-Za-z0-9_-]+$/.test(name))).toBe(true)
  })

  promise('Makes channels that live in this process: no other can receive from them.', async () => {
    await expect(there.receive(here.newChannel('tab'), () => {})).rejects.toThrow(TypeError)
  })
}

export function sendPromises(): void {
  promise(
    'Delivers at most once, to whoever receives from the channel, in whichever process.',
    async () => {
      for (const name of [here.newChannel('tab'), uniqueName()]) {
        const { channel, receiver } = await openChannel(here, name)
        await here.send(channel, { type: 'from.here' })
        await there.send(channel, { type: 'from.there', to: 'you' })
        const both = [{ type: 'from.here' }, { type: 'from.there', to: 'you' }]
        expect(await receiver.untilCount(2)).toEqual(both)
        await expectNothingMore(channel, receiver, 2)
      }
    },
  )

  promise('Forgets a message that nobody receives.', async () => {
    const madeUp = `${'x'.repeat(90)}!made.up`
    for (const name of [here.newChannel('tab'), uniqueName(), madeUp]) {
      await expect(here.send(name, { type: 'x' })).resolves.toBeUndefined()
    }
  })

  promise(
    "Keeps the order of a sender's calls, also when small messages follow a large one.",
    async () => {
      const { channel, receiver } = await openChannel(here)
      const large = { type: 'large', text: 'ü'.repeat(100_000) }
      const messages = [...numbered(50), ...numbered(10).flatMap((small) => [large, small])]
      await Promise.all(messages.map((message) => there.send(channel, message)))
      expect(await receiver.untilCount(70)).toEqual(messages)
    },
  )
}

export function fullMailboxPromises(): void {
  promise('Throws `ChannelFull` where the mailbox lives in this process and is full.', async () => {
    const { channel, receiver } = await openHeldChannel()
    await Promise.all(numbered(MAILBOX_CAPACITY).map((message) => here.send(channel, message)))
    await expect(here.send(channel, { type: 'one.more' })).rejects.toThrow(ChannelFull)
    receiver.letGo()
    await receiver.untilCount(MAILBOX_CAPACITY + 1)
    await here.send(channel, { type: 'again' })
    expect((await receiver.untilCount(MAILBOX_CAPACITY + 2)).at(-1)).toEqual({ type: 'again' })
  })

  promise(
    'Never fails for a mailbox elsewhere: the receiver drops the newest message and says so.',
    async () => {
      const { channel, receiver } = await openHeldChannel()
      const drops = recordDrops(here)
      const messages = numbered(MAILBOX_CAPACITY + 3)
      for (const message of messages) await there.send(channel, message)
      await until(() => drops.length === 3)
      expect(drops).toEqual([channel, channel, channel])
      receiver.letGo()
      const heard = await receiver.untilCount(MAILBOX_CAPACITY + 1)
      expect(heard.slice(1)).toEqual(messages.slice(0, MAILBOX_CAPACITY))
    },
  )

  promise(
    'Finds room for 100 messages, or for as many as `capacity` says of channels with such a name.',
    async () => {
      expect(MAILBOX_CAPACITY).toBe(100)
      const { channel, receiver } = await openHeldChannel(here, here.newChannel(WIDE.prefix))
      for (const message of numbered(WIDE.capacity)) await here.send(channel, message)
      await expect(here.send(channel, { type: 'one.more' })).rejects.toThrow(ChannelFull)
      receiver.letGo()
      expect(await receiver.untilCount(WIDE.capacity + 1)).toHaveLength(WIDE.capacity + 1)
    },
  )
}

export function receivePromises(): void {
  promise('Hands messages over one after the other.', async () => {
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

  promise('Survives a handler that fails.', async () => {
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

  promise('Belongs to one receiver at a time.', async () => {
    const { channel, undo } = await openChannel(here)
    await expect(here.receive(channel, () => {})).rejects.toThrow('receives from')
    await undo()
    await expect(here.receive(channel, () => {})).resolves.toBeTypeOf('function')
  })

  promise('Hands over nothing after its undo, which also leaves every group.', async () => {
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
    expect(typesOf(receiver.messages)).toEqual([])
  })
}
