// A process that asks for one page after the other and times each to its last byte.
import { quantile } from './figures.ts'

export type PageOrder = { url: string; headers: Record<string, string>; requests: number }
export type PageTimes = { p50Ms: number; p95Ms: number }

process.on('message', async (order: PageOrder) => {
  process.send?.(await timesOf(order))
})
process.once('disconnect', () => process.exit(0))

// One connection that is kept, one request at a time: the page's own time, not that of a queue.
async function timesOf({ url, headers, requests }: PageOrder): Promise<PageTimes> {
  const times: number[] = []
  for (let request = 0; request < requests; request += 1) {
    const startMs = performance.now()
    const response = await fetch(url, { headers, redirect: 'error' })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${url} answered ${response.status}.`)
    times.push(performance.now() - startMs)
  }
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) }
}
