import { describe, expect, it } from 'vitest'
import { createIncoming } from '#lib/channels/incoming.ts'
import { sealEnvelope } from '#lib/channels/wire.ts'
import { createLog } from '#lib/log.ts'
import { until } from '../support/until.ts'

const FIRST = '01a2b3c4-0000-7000-8000-000000000001'
const SECOND = '01a2b3c4-0000-7000-8000-000000000002'

describe('incoming notifications', () => {
  it('are delivered at once while nothing is being fetched', () => {
    const { incoming, heard } = makeIncoming()
    incoming.hear(small(1))
    incoming.hear(small(2))
    expect(heard).toEqual([1, 2])
  })

  it('wait, in order, for a large message before them', async () => {
    const { incoming, heard, answer } = makeIncoming()
    for (const payload of [large(FIRST), small(2), large(SECOND), small(4)]) incoming.hear(payload)
    expect(heard).toEqual([])
    await answer(FIRST, '{"type":"n","n":1}')
    await until(() => heard.length === 2)
    await answer(SECOND, '{"type":"n","n":3}')
    await until(() => heard.length === 4)
    expect(heard).toEqual([1, 2, 3, 4])
  })

  it('that nobody wants are not fetched', () => {
    const { incoming, fetched } = makeIncoming({ isWanted: () => false })
    incoming.hear(large(FIRST))
    expect(fetched).toEqual([])
  })

  it('are bounded behind a large message that never comes: too many are a loss, once', () => {
    const { incoming, losses } = makeIncoming()
    incoming.hear(large(FIRST))
    for (let n = 0; n < 10_000; n += 1) incoming.hear(small(n))
    expect(losses()).toBe(1)
  })

  it('of a lost connection are forgotten, even when their text still arrives', async () => {
    const { incoming, heard, answer } = makeIncoming()
    incoming.hear(large(FIRST))
    incoming.hear(small(2))
    incoming.clear()
    await answer(FIRST, '{"type":"n","n":1}')
    incoming.hear(small(3))
    expect(heard).toEqual([3])
  })
})

function makeIncoming({ isWanted }: { isWanted: () => boolean } = { isWanted: () => true }) {
  const heard: unknown[] = []
  const fetched: string[] = []
  const answers = new Map<string, (text: string | undefined) => void>()
  let losses = 0
  const incoming = createIncoming({
    log: createLog('silent'),
    isWanted,
    fetch(id) {
      fetched.push(id)
      return new Promise((resolve) => answers.set(id, resolve))
    },
    deliver: (_envelope, message) => heard.push(message.n),
    onLoss() {
      losses += 1
    },
  })
  async function answer(id: string, text: string | undefined): Promise<void> {
    const resolve = await until(() => answers.get(id))
    resolve(text)
    await Promise.resolve()
  }
  return { incoming, heard, fetched, answer, losses: () => losses }
}

const envelope = { to: 'group', name: 'news', from: 'a1b2c3d4e5f6', nonce: '1' } as const
const small = (n: number) =>
  sealEnvelope({ ...envelope, body: { kind: 'text', text: JSON.stringify({ type: 'n', n }) } })
const large = (id: string) => sealEnvelope({ ...envelope, body: { kind: 'stored', id } })
