// An end of a channel layer in a process of its own: sends at a rate, counts what arrives.
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { createMemoryBus, createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { createRedisLayer } from '#lib/channels/redis-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { quantile } from './figures.ts'
import { sendAtRate } from './flow.ts'
import { someSamples } from './some-samples.ts'

export type LayerKind = 'PostgreSQL' | 'Redis' | 'memory'
/** Messages of so many samples each. */
export type Sending = { perSecond: number; samples: number; forMs: number }
export type Arrivals = { received: number; p99Ms: number }
export type LayerOrder = { send: Sending } | { order: 'receive' | 'reset' | 'report' }

const GROUP = 'bench'
const [kind, url = ''] = process.argv.slice(2)
const log = createLog('silent')
const bus = createMemoryBus()
const layer = openLayer()
let latencies: number[] = []

process.on('message', async (order: LayerOrder) => {
  if ('send' in order) process.send?.({ sent: await sendAll(order.send) })
  else if (order.order === 'receive') process.send?.({ receiving: await receive() })
  else if (order.order === 'reset') latencies = []
  else process.send?.(report())
})
process.once('disconnect', () => process.exit(0))

function openLayer(): ChannelLayer {
  if (kind === 'memory') return createMemoryLayer({ log, bus })
  if (kind === 'Redis') return createRedisLayer({ url, log })
  const { db } = openDatabase({ url, name: 'bench', connections: 1 })
  return createPostgresLayer({ url, db, log })
}

/** In memory the receiver is a layer of its own on the same bus. */
async function receive(): Promise<true> {
  const hearing = kind === 'memory' ? createMemoryLayer({ log, bus }) : layer
  const channel = hearing.newChannel('bench')
  await hearing.receive(channel, ({ at }) => void latencies.push(Date.now() - Number(at)))
  await hearing.groupAdd(GROUP, channel)
  return true
}

function sendAll({ perSecond, samples: count, forMs }: Sending): Promise<number> {
  return sendAtRate({ perSecond, forMs }, () => {
    const samples = someSamples(count)
    // What fails to leave is missing at the other end.
    layer.groupSend(GROUP, { type: 'samples.arrived', at: samples.at, samples }).catch(() => {})
  })
}

function report(): Arrivals {
  return { received: latencies.length, p99Ms: quantile(latencies, 0.99) }
}
