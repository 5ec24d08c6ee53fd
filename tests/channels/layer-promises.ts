// The promises of lib/channels/layer.ts, line for line, for every channel layer to keep.
import { describe, expect, it } from 'vitest'
import { expiryPromises, messagePromises } from './bound-promises.ts'
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
import { contractLines, promise, testedLines } from './promise.ts'
import { createReceiver } from './receiver.ts'
import {
  expectNothingMore,
  here,
  type MakeProcesses,
  numbered,
  openChannel,
  openHeldChannel,
  recordDrops,
  there,
  uniqueName,
  useProcesses,
} from './two-processes.ts'

export function layerPromises(name: string, makeProcesses: MakeProcesses): void {
  describe(`${name} keeps the promises of a channel layer`, () => {
    useProcesses(makeProcesses)
    describe('newChannel', newChannelPromises)
    describe('send', () => {
      sendPromises()
      fullMailboxPromises()
      expiryPromises()
      messagePromises()
    })
    describe('receive', receivePromises)
    describe('groupAdd', groupAddPromises)
    describe('groupDiscard', groupDiscardPromises)
    describe('groupSend', () => {
      groupSendPromises()
      transactionPromises()
    })
    describe('on', eventPromises)
    describe('flush and close', endPromises)
  })

  it('has a test for every line of the contract, in its order', () => {
    expect(testedLines()).toEqual(contractLines())
  })
}

function eventPromises(): void {
  promise('Tells every listener what befalls the layer, until its undo.', async () => {
    const slow = await openHeldChannel()
    const [all, some]: [string[], string[]] = [recordDrops(here), []]
    const undo = here.on('drop', (channel) => some.push(channel))
    const overfill = async () => {
      for (const message of numbered(101)) await there.send(slow.channel, message)
      await there.send(last.channel, { type: 'last' })
    }
    const last = await openChannel(here)
    await overfill()
    await last.receiver.untilCount(1)
    undo()
    await overfill()
    await last.receiver.untilCount(2)
    expect([all.length, some.length]).toEqual([102, 1])
    slow.receiver.letGo()
  })
}

function endPromises(): void {
  promise('Forgets all mailboxes and groups of this process, for tests.', async () => {
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

  promise('Lets every later call fail, and changes nothing when it is repeated.', async () => {
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
