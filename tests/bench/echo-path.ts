// How true round trips are over a path of 20 ms, told by the responder at its end.
import { tableOf } from '../support/printed-page.ts'
import { addressOf } from '../worker/responder/manners.ts'
import { openResponderNetwork } from '../worker/responder/network.ts'
import type { ResponderReport } from '../worker/responder/responder.ts'
import { sized } from './command-line.ts'
import type { EngineReport } from './engine-child.ts'
import { collect, quantile } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import { runEngine } from './pingers.ts'

const RATES = [100, 1_000, 10_000]
const MEASURE_MS = sized(10_000, 3_000)

type PathRun = { rate: number; report: EngineReport; errorsMs: number[] }

/** An error is a round trip less the delay that the responder itself recorded for that echo. */
export async function measurePath(): Promise<string[]> {
  const runs: PathRun[] = []
  for (const rate of RATES) runs.push(await runAt(rate))
  const errorAt = (run: PathRun | undefined, share: number) => quantile(run?.errorsMs ?? [], share)
  const goals: Goal[] = runs.flatMap(({ rate, report, errorsMs }) => [
    {
      subject: `error at the median, at ${rate} a second`,
      measured: [quantile(errorsMs, 0.5)],
      limit: 0.05,
      unit: 'ms',
    },
    {
      subject: `error at p99, at ${rate} a second`,
      measured: [quantile(errorsMs, 0.99)],
      limit: 0.3,
      unit: 'ms',
    },
    { subject: `lost, at ${rate} a second`, measured: [report.lost], limit: 0, unit: '' },
  ])
  return [
    `One echo a second to each address for ${MEASURE_MS / 1_000} s.`,
    '',
    ...tableOf(
      ['Echoes a second', 'Round trip', 'Error: median', 'p99', 'p99.9', 'Lost', 'CPU an echo'],
      runs.map((run) => [
        `${run.rate}`,
        `${(run.report.p50Us / 1_000).toFixed(3)} ms`,
        ...[0.5, 0.99, 0.999].map((share) => `${errorAt(run, share).toFixed(3)} ms`),
        `${run.report.lost}`,
        `${run.report.cpuUs.toFixed(1)} µs`,
      ]),
    ),
    '',
    ...tableOfGoals(goals),
  ]
}

async function runAt(rate: number): Promise<PathRun> {
  const network = await openResponderNetwork()
  try {
    const addresses = Array.from({ length: rate }, (_, i) => addressOf('delayed', 4, i + 1))
    const task = {
      addresses,
      intervalMs: 1_000,
      measureMs: MEASURE_MS,
      tellsRoundTrips: true,
    }
    const report = await runEngine(task, network.inside)
    return { rate, report, errorsMs: errorsOf(report, addresses, await network.end()) }
  } finally {
    network.close()
  }
}

// Both tell the same steady time: an echo is the first that was read after it left.
function errorsOf(
  { roundTrips }: EngineReport,
  addresses: string[],
  { delays }: ResponderReport,
): number[] {
  const readOf = new Map<string, number[][]>()
  for (const [readMs, delayUs, target] of delays) {
    collect(readOf, target, [readMs, delayUs])
  }
  return roundTrips.flatMap(([address, sentMs, rttUs]) => {
    const seen = readOf.get(addresses[address] ?? '')?.find(([readMs = 0]) => readMs >= sentMs)
    return seen ? [(rttUs - (seen[1] ?? 0)) / 1_000] : []
  })
}
