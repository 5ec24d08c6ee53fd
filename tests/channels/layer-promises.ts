// The promises of lib/channels/layer.ts, line for line, for every channel layer to keep.
import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE_BYTES } from '#lib/channels/message.ts'
import {
  fullMailboxPromises,
  newChannelPromises,
  receivePromises,
  sendPromises,
} from './channel-promises.ts'
import {
  groupAddPromises,
  groupDiscardPromises,
  groupSendPromises,
  transactionPromises,
} from './group-promises.ts'
import { createReceiver } from './receiver.ts'
import {
  expectNothingMore,
  here,
  openChannel,
  type TwoProcesses,
  there,
  uniqueName,
  useProcesses,
} from './two-processes.ts'

export function layerPromises(name: string, makeProcesses: () => Promise<TwoProcesses>): void {
  describe(`${name} keeps the promises of a channel layer`, () => {
    useProcesses(makeProcesses)
    describe('newChannel', newChannelPromises)
    describe('send', sendPromises)
    describe('send to a full mailbox', fullMailboxPromises)
    describe('receive', receivePromises)
    describe('groupAdd', groupAddPromises)
    describe('groupDiscard', groupDiscardPromises)
    describe('groupSend', groupSendPromises)
    describe('groupSend in a transaction', transactionPromises)
    describe('names and messages', boundPromises)
    describe('flush and close', endPromises)
  })
}

function boundPromises(): void {
  it.each(['', 'a b', 'ü', 'a!b', 'x'.repeat(100), 'a/b'])(
    'refuses %j as the name of a group',
    async (name) => {
      const channel = here.newChannel('tab')
      await expect(here.groupSend(name, { type: 'x' })).rejects.toThrow(TypeError)
      await expect(here.groupAdd(name, channel)).rejects.toThrow(TypeError)
    },
  )

  it.each(['', 'a b', 'a!b!c', '!a', 'a!', 'x'.repeat(100)])(
    'refuses %j as a channel',
    async (name) => {
      await expect(here.send(name, { type: 'x' })).rejects.toThrow(TypeError)
      await expect(here.receive(name, () => {})).rejects.toThrow(TypeError)
    },
  )

  it('carries exactly 1 MiB, and refuses one byte more', async () => {
    const { channel, receiver } = await openChannel(here)
    const frame = JSON.stringify({ type: 'big', text: '' }).length
    const message = { type: 'big', text: 'x'.repeat(MAX_MESSAGE_BYTES - frame) }
    await there.send(channel, message)
    expect(await receiver.untilCount(1)).toEqual([message])
    const more = { ...message, text: `${message.text}x` }
    await expect(there.send(channel, more)).rejects.toThrow(RangeError)
  })

  it('refuses a message without a type', async () => {
    await expect(here.send(uniqueName(), { type: '' })).rejects.toThrow(TypeError)
    await expect(here.send(uniqueName(), { type: 'x'.repeat(101) })).rejects.toThrow(TypeError)
  })

  it('gives each process a message of its own, which it may change', async () => {
    const { channel, receiver } = await openChannel(here)
    const message = { type: 'mine', list: [1] }
    await here.send(channel, message)
    message.list.push(2)
    expect(await receiver.untilCount(1)).toEqual([{ type: 'mine', list: [1] }])
  })
}

function endPromises(): void {
  it('flush forgets the mailboxes and groups of this process', async () => {
    const group = uniqueName()
    const { channel, receiver, undo } = await openChannel(here)
    await here.groupAdd(group, channel)
    await here.flush()
    await undo()
    const again = createReceiver()
    await here.receive(channel, again.handler)
    await there.groupSend(group, { type: 'late' })
    await expectNothingMore(channel, again)
    expect(receiver.messages).toEqual([])
  })

  it('every later call fails after close, and a second close changes nothing', async () => {
    const { channel, receiver } = await openChannel(here)
    await here.close()
    await here.close()
    await there.send(channel, { type: 'late' })
    const calls = [
      here.send(channel, { type: 'x' }),
      here.receive(channel, () => {}),
      here.groupAdd('group', channel),
      here.groupDiscard('group', channel),
      here.groupSend('group', { type: 'x' }),
    ]
    for (const call of calls) await expect(call).rejects.toThrow('closed')
    expect(receiver.messages).toEqual([])
  })
}
