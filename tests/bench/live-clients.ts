// A process full of readers: opens them, counts what reaches them, and how late.
import { WebSocket } from 'ws'
import { SUBPROTOCOL } from '#lib/live/protocol.ts'
import { quantile } from './figures.ts'

export type ClientsTask = {
  /** One WebSocket URL for each reader. */
  urls: string[]
  headers: Record<string, string>
  /** The topic that each follows, or none. */
  topics: (string | undefined)[]
  /** The first frame after which a reader counts as open; none of the bare server's. */
  greeting: 'welcome' | 'snapshot' | undefined
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

async function openAll(task: ClientsTask): Promise<void> {
  const { urls } = task
  for (let i = 0; i < urls.length; i += AT_ONCE) {
    await Promise.all(urls.slice(i, i + AT_ONCE).map((url, k) => open(task, url, i + k)))
  }
}

function open({ headers, topics, greeting }: ClientsTask, url: string, index: number) {
  return new Promise<void>((resolve, reject) => {
    const topic = topics[index]
    const socket = new WebSocket(url, [SUBPROTOCOL], { headers })
    socket.once('error', reject)
    socket.once('open', () => {
      if (topic) socket.send(JSON.stringify({ type: 'follow', topic }))
      if (!greeting) resolve()
    })
    socket.on('message', (data) => {
      const text = data.toString()
      if (text.includes('"type":"samples.arrived"')) hear(text)
      else if (text.includes(`"type":"${greeting}"`)) resolve()
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
  const [p50Ms, p99Ms] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
  return { received: latencies.length, p50Ms, p99Ms }
}
