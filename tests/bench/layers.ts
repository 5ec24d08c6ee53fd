// 50,000 samples a second through each channel layer, from one process to another.
import { missingRedis, startRedis } from '../channels/redis-server.ts'
import { tableOf } from '../support/printed-page.ts'
import { startProgram } from '../support/program.ts'
import { cpuSeconds, startChild } from './children.ts'
import { sized } from './command-line.ts'
import { collect, median, withSpread } from './figures.ts'
import { lostOf, untilArrived } from './flow.ts'
import { tableOfGoals } from './goal.ts'
import type { Arrivals, LayerKind, Sending } from './layer-end.ts'

const SAMPLES_PER_SECOND = sized(50_000, 5_000)
/** A flush of a group of 200, and of one of 4,000. */
const SAMPLES_PER_MESSAGE = [50, 1_000]
const ROUNDS = sized(3, 1)
const SEND_MS = sized(8_000, 2_000)

/** Where each layer is; the memory's two ends are one process. */
type Place = { kind: LayerKind; url: string }
type Figures = Arrivals & { sent: number; cpuUs: number }

/** The lines of the part: what a message costs by each layer, and how many were lost. */
export async function measureLayers(): Promise<string[]> {
  const program = await startProgram()
  const redis = missingRedis ? undefined : await startRedis()
  const runs = new Map<string, Figures[]>()
  try {
    const places: Place[] = [
      { kind: 'memory', url: '' },
      { kind: 'PostgreSQL', url: await program.databaseUrl() },
      ...(redis ? [{ kind: 'Redis' as const, url: redis.url }] : []),
    ]
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const samples of SAMPLES_PER_MESSAGE) {
        for (const place of places) {
          collect(runs, nameOf(place.kind, samples), await measure(place, samples))
        }
      }
    }
  } finally {
    await redis?.kill()
    await program.stop()
  }
  return linesOf(runs)
}

function nameOf(kind: LayerKind, samples: number): string {
  return `${kind}, ${SAMPLES_PER_SECOND / samples} messages of ${samples} samples a second`
}

async function measure({ kind, url }: Place, samples: number): Promise<Figures> {
  const receiver = startChild('./layer-end.ts', [kind, url])
  const sender = kind === 'memory' ? receiver : startChild('./layer-end.ts', [kind, url])
  const ends = new Set([receiver, sender])
  const cpu = () => [...ends].reduce((sum, { pid }) => sum + cpuSeconds(pid), 0)
  const send = async (forMs: number) => {
    receiver.tell({ order: 'reset' })
    const sending: Sending = { perSecond: SAMPLES_PER_SECOND / samples, samples, forMs }
    const { sent } = await sender.ask<{ sent: number }>({ send: sending })
    return { sent, ...(await untilArrived<Arrivals>(receiver, sent)) }
  }
  await receiver.ask({ order: 'receive' })
  // The first messages meet code that is not compiled yet.
  await send(SEND_MS / 4)
  const before = cpu()
  const arrivals = await send(SEND_MS)
  const cpuUs = ((cpu() - before) * 1e6) / arrivals.received
  for (const end of ends) await end.end()
  return { ...arrivals, cpuUs }
}

function linesOf(runs: Map<string, Figures[]>): string[] {
  const rows = [...runs].map(([name, figures]) => {
    const cpuUs = figures.map((figure) => figure.cpuUs)
    const p99Ms = median(figures.map((figure) => figure.p99Ms))
    const received = figures.reduce((sum, figure) => sum + figure.received, 0)
    return [name, `${withSpread(cpuUs, 0)} µs`, `${p99Ms} ms`, String(received)]
  })
  const goals = [...runs].map(([name, figures]) => ({
    subject: `lost, ${name}`,
    measured: [lostOf(figures)],
    limit: 0,
    unit: '',
  }))
  return [
    `${SAMPLES_PER_SECOND} samples a second for ${SEND_MS / 1_000} s, ${ROUNDS} times; medians.`,
    '',
    ...(missingRedis ? [missingRedis, ''] : []),
    ...tableOf(['Layer', 'CPU a message, both ends', 'p99', 'Arrived'], rows),
    '',
    ...tableOfGoals(goals),
  ]
}
