// A process full of readers: opens them, counts what reaches them, and how late.
import { WebSocket } from 'ws'
import { SUBPROTOCOL } from '#lib/live/protocol.ts'

export type ClientsTask = {
  /** One URL for each reader. */
  urls: string[]
  headers: Record<string, string>
  /** What each says after the opening, with the topic it follows; undefined for the bare server. */
  topics: (string | undefined)[]
}
export type ClientsReport = { received: number; p50Ms: number; p99Ms: number }
export type ClientsOrder = { open: ClientsTask } | { order: 'reset' | 'report' }

const AT_ONCE = 50
let latencies: number[] = []

process.on('message', async (order: ClientsOrder) => {
  if ('open' in order) {
    await openAll(order.open)
    process.send?.({ open: order.open.urls.length })
  } else if (order.order === 'reset') latencies = []
  else process.send?.(report())
})
process.once('disconnect', () => process.exit(0))

async function openAll({ urls, headers, topics }: ClientsTask): Promise<void> {
  for (let i = 0; i < urls.length; i += AT_ONCE) {
    const batch = urls.slice(i, i + AT_ONCE)
    await Promise.all(batch.map((url, k) => open(url, headers, topics[i + k])))
  }
}

function open(url: string, headers: Record<string, string>, topic?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [SUBPROTOCOL], { headers })
    socket.once('error', reject)
    socket.once('open', () => {
      if (topic) socket.send(JSON.stringify({ type: 'follow', topic }))
      else resolve()
    })
    socket.on('message', (data) => {
      const text = data.toString()
      if (text.includes('"type":"samples.arrived"')) hear(text)
      else if (text.includes('"type":"snapshot"')) resolve()
      else if (text.includes('"type":"ping"')) socket.send('{"type":"pong"}')
    })
  })
}

// The first `at` of an event is the moment it was sent: parsing it whole would measure the client.
function hear(text: string): void {
  const sentMs = Number(/"at":(\d+)/.exec(text)?.[1])
  latencies.push(Date.now() - sentMs)
}

function report(): ClientsReport {
  const sorted = latencies.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { received: sorted.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}
