import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDispatcher } from '#lib/channels/handlers.ts'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { createMemoryBus, createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Message } from '#lib/channels/message.ts'
import { createLog } from '#lib/log.ts'
import { until } from '../support/until.ts'

const log = createLog('silent')
let web: ChannelLayer
let worker: ChannelLayer
let heard: string[]

// Two processes with one bus, as two processes with one database have it.
beforeEach(() => {
  const bus = createMemoryBus()
  web = createMemoryLayer({ bus, log })
  worker = createMemoryLayer({ bus, log })
  heard = []
})
afterEach(async () => {
  await web.close()
  await worker.close()
})

/** A consumer of the web process with its own channel and its own `news.came`. */
async function openConsumer(name: string, prefix = name): Promise<string> {
  const channel = web.newChannel(prefix)
  const hear = ({ text }: Message) => void heard.push(`${name} ${text}`)
  await web.receive(channel, createDispatcher({ handlers: { 'news.came': hear }, log }))
  return channel
}

describe('a consumer', () => {
  it('may stand in several groups, and hears each of them', async () => {
    const channel = await openConsumer('wall')
    for (const group of ['coins', 'stocks', 'weather']) await web.groupAdd(group, channel)
    for (const group of ['coins', 'stocks', 'weather']) {
      await worker.groupSend(group, { type: 'news.came', text: group })
    }
    await until(() => heard.length === 3)
    expect(heard).toEqual(['wall coins', 'wall stocks', 'wall weather'])
  })

  it('that left one of its groups still hears the others', async () => {
    const channel = await openConsumer('wall')
    for (const group of ['coins', 'stocks']) await web.groupAdd(group, channel)
    await web.groupDiscard('coins', channel)
    for (const group of ['coins', 'stocks']) {
      await worker.groupSend(group, { type: 'news.came', text: group })
    }
    await until(() => heard.length === 1)
    expect(heard).toEqual(['wall stocks'])
  })

  it('that hears of a group by two ways hears it twice: groups do not know each other', async () => {
    const channel = await openConsumer('wall')
    await web.groupAdd('coins', channel)
    await worker.groupSend('coins', { type: 'news.came', text: 'one' })
    await worker.send(channel, { type: 'news.came', text: 'one' })
    await until(() => heard.length === 2)
    expect(heard).toEqual(['wall one', 'wall one'])
  })
})

describe('two consumers with a handler of the same name', () => {
  it('each have their own: the one whose channel is addressed runs, and no other', async () => {
    const [first, second] = [await openConsumer('first'), await openConsumer('second')]
    await worker.send(second, { type: 'news.came', text: 'to the second' })
    await worker.send(first, { type: 'news.came', text: 'to the first' })
    await until(() => heard.length === 2)
    expect(heard.sort()).toEqual(['first to the first', 'second to the second'])
  })

  it('both run, each for its own connection, when a group of both is addressed', async () => {
    for (const name of ['first', 'second']) await web.groupAdd('coins', await openConsumer(name))
    await worker.groupSend('coins', { type: 'news.came', text: 'to both' })
    await until(() => heard.length === 2)
    expect(heard).toEqual(['first to both', 'second to both'])
  })

  it('hear nothing of each other by default: their names differ, though they are made alike', async () => {
    const [one, two] = [await openConsumer('one', 'wall'), await openConsumer('two', 'wall')]
    expect(one).not.toBe(two)
    await worker.send(one, { type: 'news.came', text: 'to one' })
    await worker.send(two, { type: 'news.came', text: 'to two' })
    await until(() => heard.length === 2)
    expect(heard.sort()).toEqual(['one to one', 'two to two'])
  })
})

describe('a layer', () => {
  it('is one for all connections of a process, and meets those of other processes', async () => {
    const channels = [await openConsumer('first'), await openConsumer('second')]
    for (const channel of channels) await web.groupAdd('coins', channel)
    await web.groupSend('coins', { type: 'news.came', text: 'from within' })
    await worker.groupSend('coins', { type: 'news.came', text: 'from outside' })
    await until(() => heard.length === 4)
    expect(heard.sort()).toEqual(
      ['first', 'second'].flatMap((name) => [`${name} from outside`, `${name} from within`]),
    )
  })
})
