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

type Deviations = {
  /** A round trip less the delay that the responder itself recorded for that echo. */
  errorsMs: number[]
  /** How long an echo waited in the device until the responder read it: a part of the error. */
  unreadMs: number[]
}

type PathRun = Deviations & { rate: number; report: EngineReport }

export async function measurePath(): Promise<string[]> {
  const runs: PathRun[] = []
  for (const rate of RATES) runs.push(await runAt(rate))
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
      ['Echoes a second', 'Round trip', 'Error: median', 'p99', 'Unread: median', 'p99', 'Lost'],
      runs.map((run) => [
        `${run.rate}`,
        `${(run.report.p50Us / 1_000).toFixed(3)} ms`,
        ...[run.errorsMs, run.unreadMs].flatMap((times) =>
          [0.5, 0.99].map((share) => `${quantile(times, share).toFixed(3)} ms`),
        ),
        `${run.report.lost}`,
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
    return { rate, report, ...deviationsOf(report, addresses, await network.end()) }
  } finally {
    network.close()
  }
}

// Both tell the same steady time: an echo is the first that was read after it left.
function deviationsOf(
  { roundTrips }: EngineReport,
  addresses: string[],
  { delays }: ResponderReport,
): Deviations {
  const echoesOf = new Map<string, { readMs: number; delayMs: number }[]>()
  for (const [readMs, delayUs, target] of delays) {
    collect(echoesOf, target, { readMs, delayMs: delayUs / 1_000 })
  }
  const deviations: Deviations = { errorsMs: [], unreadMs: [] }
  for (const [address, sentMs, rttUs] of roundTrips) {
    const seen = echoesOf.get(addresses[address] ?? '')?.find(({ readMs }) => readMs >= sentMs)
    if (!seen) continue
    deviations.errorsMs.push(rttUs / 1_000 - seen.delayMs)
    deviations.unreadMs.push(seen.readMs - sentMs)
  }
  return deviations
}
