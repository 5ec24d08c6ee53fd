// Minutes at 10,000 pings a second: whether memory stays flat and no result is missing.
import { setTimeout as pause } from 'node:timers/promises'
import { tableOf } from '../support/printed-page.ts'
import { cpuSeconds, familyCpuSeconds, residentBytes } from './children.ts'
import { isTrial, numberOr, sized } from './command-line.ts'
import { loopback } from './echo-cost.ts'
import { median, withSpread } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import { type Installation, openInstallation, startLoneWorker } from './lone-worker.ts'
import { type Tally, tallyOf } from './tallies.ts'

const RATE = sized(10_000, 1_000)
const MINUTES = numberOr(sized(10, 4))
/** In small, a minute has ten seconds. */
const MINUTE_MS = sized(60_000, 10_000)
/** What is young fills its room once, and code is compiled. */
const SETTLED_AFTER = Math.min(2, MINUTES - 2)
/** Some 22 MiB are in use after each collection, from the first to the last; garbage is up to 75. */
const FLAT = 1.1

type Minute = {
  /** Of the worker, one each second. */
  residentBytes: number[]
  /** CPU so far. */
  workerSeconds: number
  postgresSeconds: number
}
type Sent = { echoes: number; overdue: number }

const NOTHING_SENT: Sent = { echoes: 0, overdue: 0 }

export async function measureSoak(): Promise<string[]> {
  const installation = await openInstallation()
  try {
    const worker = await startLoneWorker(installation, loopback(RATE))
    const startedMs = Date.now()
    const minutes = [minuteOf(worker.pid, installation.pid, [])]
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      const resident = await watchMemory(worker.pid, startedMs + minute * MINUTE_MS)
      minutes.push(minuteOf(worker.pid, installation.pid, resident))
    }
    await worker.end()
    const sent = await sentByMinute(installation, startedMs)
    return linesOf(minutes, sent, await tallyOf(installation.sql))
  } finally {
    await installation.close()
  }
}

async function watchMemory(pid: number, untilMs: number): Promise<number[]> {
  const resident: number[] = []
  while (Date.now() < untilMs) {
    await pause(Math.min(1_000, untilMs - Date.now()))
    resident.push(residentBytes(pid))
  }
  return resident
}

function minuteOf(worker: number, postgres: number, resident: number[]): Minute {
  return {
    residentBytes: resident,
    workerSeconds: cpuSeconds(worker),
    postgresSeconds: familyCpuSeconds(postgres),
  }
}

/** By the worker's own readings, one every ten seconds, each counted where it ended. */
async function sentByMinute({ sql }: Installation, startedMs: number): Promise<Sent[]> {
  const minute = sql`${MINUTE_MS} * interval '1 ms'`
  return await sql<Sent[]>`
    select coalesce(sum(r.echoes), 0)::int as echoes, coalesce(sum(r.overdue), 0)::int as overdue
    from generate_series(0, ${MINUTES - 1}) as i
    cross join lateral (select to_timestamp(${startedMs / 1_000}) + i * ${minute} as at) as began
    left join canary_readings r on r.ended_at >= began.at and r.ended_at < began.at + ${minute}
    group by i order by i`
}

function linesOf(minutes: Minute[], sent: Sent[], tally: Tally): string[] {
  const { stored, lost, missing, unsent } = tally
  return [
    `${RATE} addresses, one echo a second to each, for ${MINUTES} min${isTrial ? ' of 10 s' : ''}: ${stored} results stored, ${lost} lost; of ${missing} there is none, and the worker told of ${unsent} that they were not measured.`,
    '',
    ...tableOf(
      ['Minute', 'Resident', 'Worker', 'PostgreSQL', 'Echoes', 'Left over 10 ms late'],
      minutes
        .slice(1)
        .map((minute, i) => [
          `${i + 1}`,
          ...rowOf({ former: minutes[i] ?? minute, minute, ...(sent[i] ?? NOTHING_SENT) }),
        ]),
    ),
    '',
    ...tableOfGoals(goalsOf(minutes, tally)),
  ]
}

function rowOf(row: Sent & { former: Minute; minute: Minute }): string[] {
  const { former, minute, echoes, overdue } = row
  const share = (seconds: number) => `${((seconds * 1e5) / MINUTE_MS).toFixed(1)} % of a core`
  return [
    `${withSpread(
      minute.residentBytes.map((bytes) => bytes / 2 ** 20),
      0,
    )} MiB`,
    share(minute.workerSeconds - former.workerSeconds),
    share(minute.postgresSeconds - former.postgresSeconds),
    `${echoes}`,
    echoes > 0 ? `${((100 * overdue) / echoes).toFixed(2)} %` : 'not told',
  ]
}

function goalsOf(minutes: Minute[], { sent, stored, lost, missing }: Tally): Goal[] {
  const resident = minutes.slice(1 + SETTLED_AFTER).flatMap((minute) => minute.residentBytes)
  const half = resident.length >> 1
  const [first, second] = [resident.slice(0, half), resident.slice(half)].map(median)
  const none = (subject: string, figure: number) => ({
    subject,
    measured: [figure],
    limit: 0,
    unit: '',
  })
  return [
    {
      subject: `resident memory after minute ${SETTLED_AFTER}: its second half beside its first`,
      measured: [(second ?? Number.NaN) / (first ?? Number.NaN)],
      limit: FLAT,
      unit: '×',
    },
    none('lost', lost),
    none('seconds of an address without a result', missing),
    none('sent but not stored', Math.abs(sent - stored)),
  ]
}
