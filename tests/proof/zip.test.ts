import { describe, expect, it } from 'vitest'
import { zipFiles } from '#lib/proof/zip.ts'
import { until } from '../support/until.ts'
import { sha256, unzip } from '../support/unzipped.ts'

const nobody = async () => {}

/** Keeps what it is told. */
function createEar() {
  const heard: string[] = []
  return { heard, hear: async (sum: string) => void heard.push(sum) }
}

async function all(chunks: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

/** So many pages, and how many were made; the last of them may be a failure. */
function pagesOf(count: number, { failAt = count } = {}) {
  const told = { made: 0, isEnded: false }
  return { told, chunks: make() }

  async function* make(): AsyncGenerator<string> {
    try {
      for (let i = 0; i < count; i += 1) {
        if (i === failAt) throw new Error('the database is gone')
        told.made += 1
        yield Array.from(
          { length: 5_000 },
          (_, row) => `${i * 5_000 + row},${Math.random()}\n`,
        ).join('')
      }
    } finally {
      told.isEnded = true
    }
  }
}

describe('a zip on its way', { timeout: 30_000 }, () => {
  it('holds each file, the checksum of each in the last, and tells that of all of it', async () => {
    const { heard, hear } = createEar()
    const files = [
      { name: '往返.txt', chunks: ['一', '二'] },
      { name: 'empty.txt', chunks: [] },
      { name: 'many.csv', chunks: pagesOf(3).chunks },
    ]
    const zip = await all(zipFiles(files, hear))
    expect(heard).toEqual([sha256(zip)])
    const unzipped = unzip(zip)
    expect([...unzipped.keys()]).toEqual(['往返.txt', 'empty.txt', 'many.csv', 'SHA256SUMS'])
    expect(String(unzipped.get('往返.txt'))).toBe('一二')
    expect(String(unzipped.get('many.csv')).split('\n')).toHaveLength(15_001)
    const sums = files.map(({ name }) => `${sha256(unzipped.get(name) ?? Buffer.of())}  ${name}\n`)
    expect(String(unzipped.get('SHA256SUMS'))).toBe(sums.join(''))
  })

  it('is made no faster than it is read', async () => {
    const { told, chunks } = pagesOf(500)
    const zip = zipFiles([{ name: 'many.csv', chunks }], nobody)
    let bytes = 0
    while (bytes < 100_000) bytes += (await zip.next()).value?.length ?? 0
    expect(told.made).toBeLessThan(30)
    await zip.return(undefined)
    await until(() => told.isEnded)
    expect(told.made).toBeLessThan(40)
  })

  it('of a million rows takes the memory of a few pages', async () => {
    const { chunks } = pagesOf(200)
    const held = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
    const [before, peaks] = [held(), [0]]
    let bytes = 0
    for await (const chunk of zipFiles([{ name: 'many.csv', chunks }], nobody)) {
      bytes += chunk.length
      peaks.push(held() - before)
    }
    expect(bytes).toBeGreaterThan(8_000_000)
    // Twice the garbage that a young heap gathers before it is collected; the rows are 25 MB.
    const usual = peaks.toSorted((a, b) => a - b)[peaks.length >> 1] ?? 0
    expect(usual).toBeLessThan(25_000_000)
  })

  it('breaks off where a file fails, and is not told as whole', async () => {
    const { heard, hear } = createEar()
    const { told, chunks } = pagesOf(9, { failAt: 4 })
    const zip = zipFiles([{ name: 'many.csv', chunks }], hear)
    await expect(all(zip)).rejects.toThrow('the database is gone')
    expect([told.isEnded, heard]).toEqual([true, []])
  })
})
