// What a layer promises of groups, with and without a transaction.
import { expect } from 'vitest'
import { MAILBOX_CAPACITY } from '#lib/channels/capacity.ts'
import { promise } from './promise.ts'
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
} from './two-processes.ts'

export function groupAddPromises(): void {
  promise(
    'Resolves once every later message to the group reaches the channel, which lives here.',
    async () => {
      const group = uniqueName()
      const { channel, receiver } = await openChannel(here)
      await here.groupAdd(group, channel)
      await there.groupSend(group, { type: 'at.once' })
      expect(await receiver.untilCount(1)).toEqual([{ type: 'at.once' }])
      await expect(there.groupAdd(group, channel)).rejects.toThrow(TypeError)
    },
  )

  promise('Changes nothing when it is repeated.', async () => {
    const group = uniqueName()
    const { channel, receiver } = await openChannel(here)
    await Promise.all([here.groupAdd(group, channel), here.groupAdd(group, channel)])
    await there.groupSend(group, { type: 'once' })
    await expectNothingMore(channel, receiver, 1)
    await here.groupDiscard(group, channel)
    await there.groupSend(group, { type: 'never' })
    await expectNothingMore(channel, receiver, 2)
  })

  promise('Lets one channel stand in several groups.', async () => {
    const groups = [uniqueName(), uniqueName()]
    const { channel, receiver } = await openChannel(here)
    for (const group of groups) await here.groupAdd(group, channel)
    for (const group of groups) await there.groupSend(group, { type: 'hello', group })
    expect(await receiver.untilCount(2)).toEqual(groups.map((group) => ({ type: 'hello', group })))
  })
}

export function groupDiscardPromises(): void {
  promise(
    'Keeps every later message to the group from the channel, and from it alone.',
    async () => {
      const group = uniqueName()
      const leaver = await openChannel(here)
      const stayer = await openChannel(here)
      for (const { channel } of [leaver, stayer]) await here.groupAdd(group, channel)
      await here.groupDiscard(group, leaver.channel)
      await there.groupSend(group, { type: 'news' })
      expect(typesOf(await stayer.receiver.untilCount(1))).toEqual(['news'])
      await expectNothingMore(leaver.channel, leaver.receiver)
    },
  )

  promise('Changes nothing for a channel that does not stand there.', async () => {
    const group = uniqueName()
    const stayer = await openChannel(here)
    await here.groupAdd(group, stayer.channel)
    for (let i = 0; i < 3; i += 1) await here.groupDiscard(group, here.newChannel('tab'))
    await there.groupSend(group, { type: 'news' })
    expect(typesOf(await stayer.receiver.untilCount(1))).toEqual(['news'])
  })
}

export function groupSendPromises(): void {
  promise('Reaches every channel of the group in every process, and no other group.', async () => {
    const group = uniqueName()
    const members = [await openChannel(here), await openChannel(here)]
    const far = await openChannel(there)
    const stranger = await openChannel(here)
    for (const { channel } of members) await here.groupAdd(group, channel)
    await there.groupAdd(group, far.channel)
    await here.groupAdd(`${group}.other`, stranger.channel)
    await here.groupSend(group, { type: 'news' })
    for (const { receiver } of [...members, far]) {
      expect(await receiver.untilCount(1)).toEqual([{ type: 'news' }])
    }
    await expectNothingMore(stranger.channel, stranger.receiver)
  })

  promise(
    'Never waits for a receiver: it drops for the full mailbox alone, and says so.',
    async () => {
      const group = uniqueName()
      const slow = await openHeldChannel()
      const quick = await openChannel(here)
      const drops = recordDrops(here)
      for (const { channel } of [slow, quick]) await here.groupAdd(group, channel)
      for (const message of numbered(MAILBOX_CAPACITY + 2)) await here.groupSend(group, message)
      expect(await quick.receiver.untilCount(MAILBOX_CAPACITY + 2)).toHaveLength(
        MAILBOX_CAPACITY + 2,
      )
      expect(drops).toEqual([slow.channel, slow.channel])
      slow.receiver.letGo()
    },
  )

  promise('Is not overtaken by what the same sender sends to a channel of the group.', async () => {
    const group = uniqueName()
    const { channel, receiver } = await openChannel(here)
    await here.groupAdd(group, channel)
    const both = [here.groupSend(group, { type: 'first' }), here.send(channel, { type: 'second' })]
    await Promise.all(both)
    expect(typesOf(await receiver.untilCount(2))).toEqual(['first', 'second'])
  })

  promise('Delivers equal messages as often as they were sent.', async () => {
    const group = uniqueName()
    const { channel, receiver } = await openChannel(here)
    await here.groupAdd(group, channel)
    await processes.transact(async (tx) => {
      for (let i = 0; i < 3; i += 1) await there.groupSend(group, { type: 'same' }, { tx })
    })
    expect(await receiver.untilCount(3)).toHaveLength(3)
  })

  groupNamePromise()
}

function groupNamePromise(): void {
  promise('Takes names of 1 to 99 characters of `[A-Za-z0-9._-]`.', async () => {
    const { channel, receiver } = await openChannel(here)
    for (const name of ['', 'a b', 'ü', 'a!b', 'x'.repeat(100), 'a/b']) {
      await expect(here.groupSend(name, { type: 'x' })).rejects.toThrow(TypeError)
      await expect(here.groupAdd(name, channel)).rejects.toThrow(TypeError)
    }
    const longest = uniqueName().padEnd(99, '_')
    await here.groupAdd(longest, channel)
    await there.groupSend(longest, { type: 'x' })
    await receiver.untilCount(1)
  })
}

export function transactionPromises(): void {
  promise(
    'Lets nothing leave before the commit of `tx`, and everything in order after it.',
    async () => {
      const group = uniqueName()
      const { channel, receiver } = await openChannel(here)
      await here.groupAdd(group, channel)
      await processes.transact(async (tx) => {
        for (const message of numbered(5)) await there.groupSend(group, message, { tx })
        await expectNothingMore(channel, receiver)
      })
      expect((await receiver.untilCount(6)).slice(1)).toEqual(numbered(5))
    },
  )

  promise('Lets nothing leave after a rollback of `tx`.', async () => {
    const group = uniqueName()
    const { channel, receiver } = await openChannel(here)
    await here.groupAdd(group, channel)
    const failing = processes.transact(async (tx) => {
      await there.groupSend(group, { type: 'never' }, { tx })
      await there.groupSend(group, { type: 'never', text: 'x'.repeat(20_000) }, { tx })
      throw new Error('No.')
    })
    await expect(failing).rejects.toThrow('No.')
    await expectNothingMore(channel, receiver)
  })
}
