// What a ping costs the whole worker, stored and announced; PostgreSQL beside it.
import { setTimeout as pause } from 'node:timers/promises'
import { tableOf } from '../support/printed-page.ts'
import { cpuSeconds, familyCpuSeconds } from './children.ts'
import { sized } from './command-line.ts'
import { loopback } from './echo-cost.ts'
import { collect, median, withSpread } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import { type Installation, openInstallation, startLoneWorker } from './lone-worker.ts'
import { type Tally, tallyOf } from './tallies.ts'

/** Pairs of n and 2n. */
const PAIRS: [number, number][] = [
  [1_000, 2_000],
  [5_000, 10_000],
]
const RATES = PAIRS.flat()
const ROUNDS = sized(3, 1)
/** The first seconds compile, and PostgreSQL extends its files. */
const WARM_UP_MS = sized(12_000, 3_000)
const MEASURE_MS = sized(20_000, 5_000)

type WorkerRun = Tally & {
  /** CPU of each, a second of running. */
  workerShare: number
  postgresShare: number
  pings: number
  notifiesPerFlush: number
}

/** Rates take turns, each time a new worker on a new database. */
export async function measureWorker(): Promise<string[]> {
  const runs = new Map<number, WorkerRun[]>()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const rate of RATES) collect(runs, rate, await runAt(rate))
  }
  return [
    `One echo a second to each address; ${ROUNDS} rounds of ${MEASURE_MS / 1_000} s in turn; medians.`,
    '',
    ...tableOf(
      ['Pings a second', 'Worker: CPU a ping', 'PostgreSQL: CPU a ping', 'NOTIFYs a flush'].concat(
        'Sent',
        'Stored',
        'Lost',
        'Missing',
        'Left over 10 ms late',
      ),
      [...runs].map(([rate, of]) => rowOf(rate, of)),
    ),
    '',
    ...tableOfGoals(goalsOf(runs)),
  ]
}

async function runAt(rate: number): Promise<WorkerRun> {
  const installation = await openInstallation()
  try {
    const worker = await startLoneWorker(installation, loopback(rate))
    await pause(WARM_UP_MS)
    const read = async () => ({
      worker: cpuSeconds(worker.pid),
      postgres: familyCpuSeconds(installation.pid),
      notifies: worker.notifies(),
      ...(await placeOf(installation)),
    })
    const before = await read()
    await pause(MEASURE_MS)
    const after = await read()
    await worker.end()
    const seconds = (after.ms - before.ms) / 1_000
    return {
      ...(await tallyOf(installation.sql)),
      workerShare: (after.worker - before.worker) / seconds,
      postgresShare: (after.postgres - before.postgres) / seconds,
      pings: (await countBetween(installation, before.ms, after.ms)) / seconds,
      notifiesPerFlush: (after.notifies - before.notifies) / (after.flushes - before.flushes),
    }
  } finally {
    await installation.close()
  }
}

/** The time by PostgreSQL, and how many flushes it has seen. */
async function placeOf({ sql }: Installation): Promise<{ ms: number; flushes: number }> {
  const [place] = await sql<{ ms: number; flushes: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms,
      (select count(*)::int from flushes) as flushes`
  if (!place) throw new Error('PostgreSQL did not say what time it is.')
  return place
}

async function countBetween({ sql }: Installation, fromMs: number, toMs: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from samples
    where at >= to_timestamp(${fromMs / 1_000}) and at < to_timestamp(${toMs / 1_000})`
  return row?.count ?? 0
}

function rowOf(rate: number, runs: WorkerRun[]): string[] {
  const sum = (pick: (run: WorkerRun) => number) => runs.reduce((all, run) => all + pick(run), 0)
  const micros = (pick: (run: WorkerRun) => number) =>
    `${withSpread(
      runs.map((run) => (pick(run) * 1e6) / run.pings),
      1,
    )} µs`
  return [
    `${rate}`,
    micros((run) => run.workerShare),
    micros((run) => run.postgresShare),
    median(runs.map((run) => run.notifiesPerFlush)).toFixed(1),
    ...[sum((r) => r.sent), sum((r) => r.stored), sum((r) => r.lost), sum((r) => r.missing)].map(
      String,
    ),
    `${((100 * sum((r) => r.overdue)) / sum((r) => r.sent)).toFixed(2)} %`,
  ]
}

function goalsOf(runs: Map<number, WorkerRun[]>): Goal[] {
  const all = [...runs.values()].flat()
  const none = (subject: string, pick: (run: WorkerRun) => number) => ({
    subject: `${subject}, in all runs`,
    measured: [all.reduce((sum, run) => sum + pick(run), 0)],
    limit: 0,
    unit: '',
  })
  return [
    {
      subject: 'CPU of the worker a ping, stored and announced, at 10000 a second',
      measured: (runs.get(10_000) ?? []).map((run) => (run.workerShare * 1e6) / run.pings),
      limit: 45,
      unit: 'µs',
    },
    ...PAIRS.map(([n, twice]) => ({
      subject: `CPU of the worker at ${twice} a second beside that at ${n}`,
      measured: (runs.get(twice) ?? []).map(
        (run, i) => run.workerShare / (runs.get(n)?.[i]?.workerShare ?? Number.NaN),
      ),
      limit: 2.3,
      unit: '×',
    })),
    none('lost', ({ lost }) => lost),
    none('seconds of an address without a result', ({ missing }) => missing),
    none('sent but not stored', ({ sent, stored }) => Math.abs(sent - stored)),
  ]
}
