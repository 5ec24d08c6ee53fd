// How true round trips are over a path of 20 ms, told by the responder at its end.
import ipaddr from 'ipaddr.js'
import { tableOf } from '../support/printed-page.ts'
import { hostOf } from '../worker/responder/icmp-packets.ts'
import { addressOf } from '../worker/responder/manners.ts'
import { openResponderNetwork } from '../worker/responder/network.ts'
import { sized } from './command-line.ts'
import type { EngineReport } from './engine-child.ts'
import { collect, quantile } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import { runEngine } from './pingers.ts'

const RATES = [100, 1_000, 10_000]
/** Between the clock of the kernel's stamps and the steady one; echoes are a second apart. */
const STAMP_ERROR_MS = 1
const MEASURE_MS = sized(10_000, 3_000)

type Deviations = {
  /** A round trip less the time between the kernel's stamps on the echo and on its answer. */
  fromPathMs: number[]
  /** A round trip less the delay that the responder itself recorded for that echo. */
  fromRecordMs: number[]
  /** How long an echo waited in the device until the responder read it: a part of the latter. */
  unreadMs: number[]
}

type PathRun = Deviations & { rate: number; report: EngineReport }

export async function measurePath(): Promise<string[]> {
  const runs: PathRun[] = []
  for (const rate of RATES) runs.push(await runAt(rate))
  return [
    `One echo a second to each address for ${MEASURE_MS / 1_000} s.`,
    '',
    ...tableOf(
      [
        'Echoes a second',
        'Round trip',
        ...['Error', 'From record', 'Unread'].flatMap(columnsOf),
        'Lost',
      ],
      runs.map((run) => [
        `${run.rate}`,
        `${(run.report.p50Us / 1_000).toFixed(3)} ms`,
        ...[run.fromPathMs, run.fromRecordMs, run.unreadMs].flatMap((times) =>
          [0.5, 0.99].map((share) => `${quantile(times, share).toFixed(3)} ms`),
        ),
        `${run.report.lost}`,
      ]),
    ),
    '',
    ...tableOfGoals(runs.flatMap(goalsOf)),
  ]
}

function columnsOf(what: string): string[] {
  return [`${what}: median`, 'p99']
}

function goalsOf({ rate, report, fromPathMs, fromRecordMs }: PathRun): Goal[] {
  const at = `at ${rate} a second`
  const differences = { error: fromPathMs, 'difference from the record': fromRecordMs }
  return [
    ...Object.entries(differences).flatMap(([what, times]) => [
      {
        subject: `${what}, median, ${at}`,
        measured: [quantile(times, 0.5)],
        limit: 0.05,
        unit: 'ms',
      },
      { subject: `${what}, p99, ${at}`, measured: [quantile(times, 0.99)], limit: 0.3, unit: 'ms' },
    ]),
    { subject: `lost, ${at}`, measured: [report.lost], limit: 0, unit: '' },
  ]
}

async function runAt(rate: number): Promise<PathRun> {
  const network = await openResponderNetwork()
  try {
    await network.watchPath()
    const addresses = Array.from({ length: rate }, (_, i) => addressOf('delayed', 4, i + 1))
    const task = {
      addresses,
      intervalMs: 1_000,
      measureMs: MEASURE_MS,
      tellsRoundTrips: true,
    }
    const report = await runEngine(task, network.inside)
    const { delays, passages } = await network.end()
    const record = echoesByHost(delays)
    const path = echoesByHost(passages)
    const deviations: Deviations = { fromPathMs: [], fromRecordMs: [], unreadMs: [] }
    for (const [address, sentMs, rttUs] of report.roundTrips) {
      const host = hostOf(Uint8Array.from(ipaddr.parse(addresses[address] ?? '').toByteArray()))
      const passed = firstAfter(path.get(host), sentMs)
      const read = firstAfter(record.get(host), sentMs)
      if (passed) deviations.fromPathMs.push(rttUs / 1_000 - passed.delayMs)
      if (read) deviations.fromRecordMs.push(rttUs / 1_000 - read.delayMs)
      if (read) deviations.unreadMs.push(read.atMs - sentMs)
    }
    return { rate, report, ...deviations }
  } finally {
    network.close()
  }
}

type Seen = { atMs: number; delayMs: number }

function echoesByHost(rows: [atMs: number, delayUs: number, host: number][]): Map<number, Seen[]> {
  const byHost = new Map<number, Seen[]>()
  for (const [atMs, delayUs, host] of rows)
    collect(byHost, host, { atMs, delayMs: delayUs / 1_000 })
  return byHost
}

// All tell the same steady time, the kernel's stamps to some microseconds.
function firstAfter(seen: Seen[] | undefined, sentMs: number): Seen | undefined {
  return seen?.find(({ atMs }) => atMs >= sentMs - STAMP_ERROR_MS)
}
