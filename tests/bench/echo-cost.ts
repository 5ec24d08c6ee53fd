// What an echo costs in CPU: our engine beside fping and a process for each address.

import { tableOf } from '../support/printed-page.ts'
import { sized } from './command-line.ts'
import { collect, median, withSpread } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import { type PingerFigures, runEngine, runFping, runPings } from './pingers.ts'

const RATES = [1_000, 5_000, 10_000]
const ALONE = 50_000
/** More of them fill two cores. */
const PING_PROCESSES = 200
const ROUNDS = sized(3, 1)
const SECONDS = sized(8, 3)
/** For so many echoes V8 compiles; a program that runs for weeks is past it. */
const WARM_UP_ECHOES = sized(40_000, 5_000)
const LEAST_WARM_UP_MS = sized(10_000, 5_000)

type Run = PingerFigures & { unsent?: number; overdue?: number; receiveDrops?: number }

/** Addresses of 127.0.0.0/8, all this machine. */
export function loopback(count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) => `127.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
  )
}

/** Rates take turns, and at each rate those who are compared: the machine's load meets all alike. */
export async function measureCost(): Promise<string[]> {
  const runs = new Map<string, Run[]>()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const rate of RATES) {
      const addresses = loopback(rate)
      collect(runs, nameOf(rate, 'engine'), await engine(rate))
      const spread = await runFping(addresses, { pauseMs: 1_000 / rate, seconds: SECONDS })
      collect(runs, nameOf(rate, 'fping, spreading'), spread)
      const bursts = await runFping(addresses, { pauseMs: 0, seconds: SECONDS })
      collect(runs, nameOf(rate, 'fping, in bursts'), bursts)
    }
    collect(runs, nameOf(ALONE, 'engine'), await engine(ALONE))
    const pings = await runPings(loopback(PING_PROCESSES), SECONDS)
    collect(runs, nameOf(PING_PROCESSES, 'ping, a process each'), pings)
  }
  return [
    `One echo a second to each address; ${ROUNDS} rounds of ${SECONDS} s in turn; medians.`,
    '',
    ...tableOf(
      [
        ...['Echoes a second', 'By', 'CPU an echo', 'Of it kernel', 'Round trip'],
        ...['Lost', 'Not sent', 'Over 10 ms late'],
      ],
      [...runs].map(([name, of]) => rowOf(name, of)),
    ),
    '',
    ...tableOfGoals(goalsOf(runs)),
  ]
}

async function engine(rate: number): Promise<Run> {
  return await runEngine({
    addresses: loopback(rate),
    intervalMs: 1_000,
    measureMs: SECONDS * 1_000,
    warmUpMs: Math.max(LEAST_WARM_UP_MS, (1_000 * WARM_UP_ECHOES) / rate),
  })
}

function nameOf(rate: number, who: string): string {
  return `${rate}|${who}`
}

function rowOf(name: string, runs: Run[]): string[] {
  const [rate = '', who = ''] = name.split('|')
  const of = (pick: (run: Run) => number) => median(runs.map(pick))
  const late = of((run) => (100 * (run.overdue ?? Number.NaN)) / run.sent)
  const cpu = withSpread(
    runs.map(({ cpuUs }) => cpuUs),
    1,
  )
  return [
    rate,
    who,
    `${cpu} µs`,
    `${of(({ kernelUs }) => kernelUs).toFixed(1)} µs`,
    `${of(({ p50Us }) => p50Us).toFixed(0)} µs`,
    `${of(({ lost }) => lost)}`,
    `${runs[0]?.unsent === undefined ? 'not told' : of(({ unsent }) => unsent ?? 0)}`,
    Number.isNaN(late) ? 'not told' : `${late.toFixed(2)} %`,
  ]
}

function goalsOf(runs: Map<string, Run[]>): Goal[] {
  const cpuOf = (rate: number, who: string) =>
    (runs.get(nameOf(rate, who)) ?? []).map((r) => r.cpuUs)
  const ratio = (rate: number, peer: string) =>
    cpuOf(rate, 'engine').map((cpuUs, i) => cpuUs / (cpuOf(rate, peer)[i] ?? Number.NaN))
  const own = [...RATES, ALONE].flatMap((rate) => runs.get(nameOf(rate, 'engine')) ?? [])
  return [
    ...RATES.flatMap((rate) => [
      {
        subject: `CPU an echo beside fping’s that spreads, at ${rate} a second`,
        measured: ratio(rate, 'fping, spreading'),
        limit: 0.5,
        unit: '×',
      },
      {
        subject: `CPU an echo beside fping’s that bursts, at ${rate} a second`,
        measured: ratio(rate, 'fping, in bursts'),
        limit: 1.2,
        unit: '×',
      },
    ]),
    {
      subject: `CPU an echo at ${ALONE} a second, where no peer keeps its period`,
      measured: cpuOf(ALONE, 'engine'),
      limit: 18,
      unit: 'µs',
    },
    {
      subject: 'lost by the engine in all runs',
      measured: [own.reduce((sum, run) => sum + run.lost + (run.receiveDrops ?? 0), 0)],
      limit: 0,
      unit: '',
    },
  ]
}
