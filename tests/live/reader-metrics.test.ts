import { expect, it } from 'vitest'
import type { Connection } from '#lib/live/connection.ts'
import { countReaders } from '#lib/live/reader-metrics.ts'
import { registry } from '#lib/metrics.ts'

async function figures(): Promise<number[]> {
  const metrics = await registry.metrics()
  const names = ['readers{transport="websocket"}', 'readers{transport="sse"}']
  return [...names, 'buffered_bytes', 'buffered_most_bytes'].map((name) => {
    const start = `echowall_live_${name} `
    const line = metrics.split('\n').find((one) => one.startsWith(start))
    return Number(line?.slice(start.length))
  })
}

const reader = (transport: Connection['transport'], bytes: number) => ({
  transport,
  bufferedBytes: () => bytes,
})

it('the metrics tell how many are open, and what they have not taken, in all and the slowest', async () => {
  expect(await figures()).toEqual([0, 0, 0, 0])
  const readers = new Set([reader('websocket', 10)])
  const uncount = countReaders(readers)
  readers.add(reader('websocket', 32))
  readers.add(reader('sse', 1))
  expect(await figures()).toEqual([2, 1, 43, 32])
  readers.clear()
  expect(await figures()).toEqual([0, 0, 0, 0])
  readers.add(reader('sse', 5))
  uncount()
  expect(await figures()).toEqual([0, 0, 0, 0])
})
