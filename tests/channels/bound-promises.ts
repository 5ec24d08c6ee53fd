// What a layer promises of messages and their bounds: expiry, names, size, ownership.
import { expect } from 'vitest'
import { MAILBOX_CAPACITY } from '#lib/channels/capacity.ts'
import { MESSAGE_EXPIRY_MS } from '#lib/channels/mailbox.ts'
import { MAX_MESSAGE_BYTES } from '#lib/channels/message.ts'
import { until } from '../support/until.ts'
import { promise } from './promise.ts'
import {
  clock,
  here,
  numbered,
  openChannel,
  openHeldChannel,
  recordDrops,
  SHORT_EXPIRY_MS,
  there,
  typesOf,
  uniqueName,
  untilAllArrived,
} from './two-processes.ts'

export function expiryPromises(): void {
  promise(
    'Lets a message wait for 60 s, or for `expiryMs`, by the clock of the receiving layer.',
    async () => {
      expect(MESSAGE_EXPIRY_MS).toBe(60_000)
      for (const [receiving, sending, expiryMs] of [
        [here, there, MESSAGE_EXPIRY_MS],
        [there, here, SHORT_EXPIRY_MS],
      ] as const) {
        const { channel, receiver } = await openHeldChannel(receiving)
        const drops = recordDrops(receiving)
        for (const message of numbered(MAILBOX_CAPACITY)) await sending.send(channel, message)
        await untilAllArrived(sending, receiving)
        clock.advance(expiryMs + 1)
        await sending.send(channel, { type: 'fresh' })
        await until(() => drops.length === MAILBOX_CAPACITY)
        receiver.letGo()
        expect(typesOf(await receiver.untilCount(2))).toEqual(['first', 'fresh'])
      }
    },
  )
}

export function messagePromises(): void {
  promise(
    'Takes names of 1 to 99 characters of `[A-Za-z0-9._-]`, and one `!` inside at most.',
    async () => {
      for (const name of ['', 'a b', 'ü', 'a/b', 'a!b!c', '!a', 'a!', 'x'.repeat(100)]) {
        await expect(here.send(name, { type: 'x' })).rejects.toThrow(TypeError)
        await expect(here.receive(name, () => {})).rejects.toThrow(TypeError)
      }
      const { channel, receiver } = await openChannel(here, uniqueName().padEnd(99, '_'))
      await there.send(channel, { type: 'x' })
      await receiver.untilCount(1)
    },
  )

  promise('Takes plain JSON with a `type` of 1 to 100 characters, of 1 MiB at most.', async () => {
    const { channel, receiver } = await openChannel(here)
    const type = 'x'.repeat(100)
    const frame = JSON.stringify({ type, text: '' }).length
    const message = { type, text: 'x'.repeat(MAX_MESSAGE_BYTES - frame) }
    await there.send(channel, message)
    expect(await receiver.untilCount(1)).toEqual([message])
    const more = { ...message, text: `${message.text}x` }
    await expect(there.send(channel, more)).rejects.toThrow(RangeError)
    for (const unusable of ['', `${type}x`]) {
      await expect(there.send(channel, { type: unusable })).rejects.toThrow(TypeError)
    }
  })

  promise('Gives each receiver a message of its own.', async () => {
    const { channel, receiver } = await openChannel(here)
    const message = { type: 'mine', list: [1] }
    await here.send(channel, message)
    message.list.push(2)
    expect(await receiver.untilCount(1)).toEqual([{ type: 'mine', list: [1] }])
  })
}
