import { expect } from 'vitest'
import { MAX_MESSAGE_BYTES, type Message } from '#lib/channels/message.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'

/** One character of each length in UTF-8, from 1 to 4 bytes. */
const CHARACTERS = ['x', 'ü', '墙', '🧱']
const LARGE_BYTES = 65_536
/** Around the 7,999 bytes of one NOTIFY with our envelope in it, and without. */
const AROUND_NOTIFY = [...Array(300).keys()].map((i) => 7_702 + i)
const SIZES = [...AROUND_NOTIFY, LARGE_BYTES, MAX_MESSAGE_BYTES]
const PAIRS_AT_ONCE = 20

fault({
  fault: 'Messages are as long as one NOTIFY, longer, and of 1- to 4-byte characters',
  holds:
    'each of up to 1 MiB arrives whole, one byte more is refused, and a small one never overtakes a large one',
  short: { pairs: 40 },
  full: { pairs: 1_000 },
  async prove({ pairs }, measured) {
    const database = await createTestDatabase()
    const make = () =>
      createPostgresLayer({ url: database.url, db: database.db, log: createLog('silent') })
    const [here, there] = [make(), make()]
    try {
      const arrived = await sendEverySize(here, there)
      measured(`${arrived} messages of ${SIZES[0]} bytes to 1 MiB arrived whole`)
      const channel = here.newChannel('refused')
      await expect(there.send(channel, messageOf(MAX_MESSAGE_BYTES + 1, 'x'))).rejects.toThrow(
        RangeError,
      )
      await sendPairs(here, there, pairs)
      measured(`64 KiB then a small one, ${pairs} times in order`)
    } finally {
      await here.close()
      await there.close()
      await database.close()
    }
  },
})

async function sendEverySize(here: RoadLayer, there: RoadLayer): Promise<number> {
  const channel = here.newChannel('sized')
  let last: Message | undefined
  await here.receive(channel, (message) => {
    last = message
  })
  const messages = SIZES.flatMap((size) => CHARACTERS.map((letter) => messageOf(size, letter)))
  for (const message of messages) {
    last = undefined
    await there.send(channel, message)
    expect(await until(() => last)).toEqual(message)
  }
  return messages.length
}

async function sendPairs(here: RoadLayer, there: RoadLayer, pairs: number): Promise<void> {
  const channel = here.newChannel('ordered')
  const heard: string[] = []
  await here.receive(channel, ({ type, n }) => void heard.push(`${type} ${n}`))
  const text = '墙'.repeat(LARGE_BYTES / 3)
  const expected: string[] = []
  for (let n = 0; n < pairs; n += PAIRS_AT_ONCE) {
    const some = [...Array(Math.min(PAIRS_AT_ONCE, pairs - n)).keys()].map((i) => n + i)
    // Nobody awaits one message before sending the next.
    const sending = some.flatMap((at) => [
      there.send(channel, { type: 'large', n: at, text }),
      there.send(channel, { type: 'small', n: at }),
    ])
    await Promise.all(sending)
    expected.push(...some.flatMap((at) => [`large ${at}`, `small ${at}`]))
    await until(() => heard.length === expected.length, 10_000)
  }
  expect(heard).toEqual(expected)
}

/** A message whose JSON has exactly so many bytes, filled up with `x` where a letter is too wide. */
function messageOf(bytes: number, letter: string): Message {
  const room = bytes - Buffer.byteLength(JSON.stringify({ type: 'sized', text: '' }))
  const width = Buffer.byteLength(letter)
  const text = letter.repeat(Math.floor(room / width)) + 'x'.repeat(room % width)
  return { type: 'sized', text }
}
