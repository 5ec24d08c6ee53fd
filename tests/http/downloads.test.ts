import { describe, expect, it } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { createDownloads, type DownloadLimits } from '#lib/http/downloads.ts'
import { createLog } from '#lib/log.ts'
import { failureOf } from '../support/setting.ts'
import { until } from '../support/until.ts'

const log = createLog('silent')
const open = (limits: Partial<DownloadLimits> = {}) => {
  const downloads = createDownloads({ most: 2, idleMs: 60_000, shortLength: 0, ...limits })
  return (chunks: AsyncGenerator<string>) =>
    downloads.send({ type: 'text/plain', fileName: 'a.txt', chunks }, log)
}

/** Chunks that say how many were made and whether their end was run. */
function chunksOf(count: number, failAt = Number.POSITIVE_INFINITY) {
  const told = { made: 0, isEnded: false }
  return { told, chunks: make() }

  async function* make(): AsyncGenerator<string> {
    try {
      for (let i = 0; i < count; i += 1) {
        if (i === failAt) throw new AppError('unavailable', 'gone')
        told.made += 1
        yield `${i} `
      }
    } finally {
      told.isEnded = true
    }
  }
}

describe('a download', () => {
  it('sends all its chunks in order, as a file of its name', async () => {
    const answer = await open()(chunksOf(3).chunks)
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-type': 'text/plain',
      'content-disposition': 'attachment; filename="a.txt"',
      'cache-control': 'no-store',
    })
    expect(await answer.text()).toBe('0 1 2 ')
    expect(await (await open()(chunksOf(0).chunks)).text()).toBe('')
  })

  it('is made no faster than it is read', async () => {
    const { told, chunks } = chunksOf(1_000)
    const reader = (await open()(chunks)).body?.getReader()
    for (let i = 1; i <= 5; i += 1) {
      await reader?.read()
      expect(told.made).toBe(i)
    }
    await reader?.cancel()
    expect(told.isEnded).toBe(true)
  })

  it('that fails at its first chunk fails as a whole, later it breaks off', async () => {
    const send = open({ most: 1 })
    expect((await failureOf(send(chunksOf(3, 0).chunks))).code).toBe('unavailable')
    const { told, chunks } = chunksOf(3, 1)
    await expect((await send(chunks)).text()).rejects.toThrow('gone')
    expect(told.isEnded).toBe(true)
    expect(await (await send(chunksOf(1).chunks)).text()).toBe('0 ')
  })

  it('is refused where too many are open, until one is read or given up', async () => {
    const send = open({ most: 2 })
    const [first, second] = [await send(chunksOf(9).chunks), await send(chunksOf(9).chunks)]
    const refused = await failureOf(send(chunksOf(9).chunks))
    expect(refused).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 5 })
    await first.text()
    await second.body?.cancel()
    expect((await send(chunksOf(1).chunks)).status).toBe(200)
    expect((await send(chunksOf(1).chunks)).status).toBe(200)
  })

  it('is never open where it is short: whoever asks again and again leaves nothing behind', async () => {
    const send = open({ most: 1, shortLength: 10 })
    for (let i = 0; i < 9; i += 1) {
      const { told, chunks } = chunksOf(5)
      const unread = await send(chunks)
      expect(told.isEnded).toBe(true)
      if (i === 0) expect(await unread.text()).toBe('0 1 2 3 4 ')
    }
    await send(chunksOf(9).chunks)
    expect((await failureOf(send(chunksOf(9).chunks))).code).toBe('rate_limited')
    expect((await send(chunksOf(5).chunks)).status).toBe(200)
  })

  it('ends by itself when nobody reads it, also when nobody ever did', async () => {
    const send = open({ idleMs: 20 })
    const unread = chunksOf(9)
    await send(unread.chunks)
    await until(() => unread.told.isEnded)
    const left = chunksOf(9)
    const reader = (await send(left.chunks)).body?.getReader()
    await reader?.read()
    await until(() => left.told.isEnded)
    await expect(reader?.read()).rejects.toThrow('Nobody reads')
  })
})
