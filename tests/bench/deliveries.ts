// What a delivery costs beside a bare loop of ws and postgres.js, in pairs of one run.
import { tableOf } from '../support/printed-page.ts'
import { startProgram } from '../support/program.ts'
import { cpuSeconds } from './children.ts'
import { sized } from './command-line.ts'
import { median, withSpread } from './figures.ts'
import { lostOf, sendAtRate, untilArrived } from './flow.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import type { ClientsReport } from './live-clients.ts'
import { openBareLoop, openWall, type Sizes, type Subject } from './subjects.ts'

const SIZES: Sizes = { connections: sized(1_000, 100), groups: sized(10, 2) }
const RATES = [10_000, 40_000].map((rate) => sized(rate, rate / 20))
const ROUNDS = sized(5, 1)
const MEASURE_MS = sized(8_000, 2_000)

type Figures = ClientsReport & { sent: number; cpuUs: number }
type Pair = { wall: Figures; bare: Figures }

/** The lines of the part: what a delivery costs, then the goals. */
export async function measureDeliveries(): Promise<string[]> {
  const program = await startProgram()
  try {
    const wall = await openWall(program, SIZES)
    const bare = await openBareLoop(program, SIZES)
    // The first deliveries meet code that is not compiled yet.
    for (const subject of [wall, bare]) await measure(subject, RATES[0] ?? 0)
    const results = new Map<number, Pair[]>()
    for (const rate of RATES) results.set(rate, await comparePairs(wall, bare, rate))
    await wall.close()
    await bare.close()
    return linesOf(results)
  } finally {
    await program.stop()
  }
}

async function comparePairs(wall: Subject, bare: Subject, rate: number): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    pairs.push({ wall: await measure(wall, rate), bare: await measure(bare, rate) })
  }
  return pairs
}

async function measure(subject: Subject, rate: number): Promise<Figures> {
  const { pid, readers, announce } = subject
  const readersEach = SIZES.connections / SIZES.groups
  readers.tell({ order: 'reset' })
  const before = cpuSeconds(pid)
  const flow = { perSecond: rate / readersEach, forMs: MEASURE_MS }
  const messages = await sendAtRate(flow, (index) => announce(index % SIZES.groups))
  const sent = messages * readersEach
  const report = await untilArrived<ClientsReport>(readers, sent)
  const cpuUs = ((cpuSeconds(pid) - before) * 1e6) / report.received
  return { ...report, sent, cpuUs }
}

function linesOf(results: Map<number, Pair[]>): string[] {
  const head = ['Deliveries a second', 'Served by', 'CPU a delivery', 'p50', 'p99', 'Lost']
  const rows = [...results].flatMap(([rate, pairs]) => [
    rowOf(rate, 'Echowall', wallsOf(pairs)),
    rowOf(rate, 'bare loop', baresOf(pairs)),
  ])
  const goals = [...results].flatMap(([rate, pairs]) => goalsOf(rate, pairs))
  return [
    `${SIZES.connections} readers of ${SIZES.groups} groups, ${ROUNDS} pairs of runs; medians, of CPU with the least and the most.`,
    '',
    ...tableOf(head, rows),
    '',
    ...tableOfGoals(goals),
  ]
}

function rowOf(rate: number, name: string, figures: Figures[]): string[] {
  const cpuUs = figures.map((figure) => figure.cpuUs)
  const p50Ms = median(figures.map((figure) => figure.p50Ms))
  const p99Ms = median(figures.map((figure) => figure.p99Ms))
  return [
    String(rate),
    name,
    `${withSpread(cpuUs, 1)} µs`,
    `${p50Ms} ms`,
    `${p99Ms} ms`,
    String(lostOf(figures)),
  ]
}

function goalsOf(rate: number, pairs: Pair[]): Goal[] {
  const walls = wallsOf(pairs)
  const at = `at ${rate} a second`
  return [
    {
      subject: `CPU a delivery beside the bare loop’s, ${at}`,
      measured: pairs.map(({ wall, bare }) => wall.cpuUs / bare.cpuUs),
      limit: 1.3,
      unit: '×',
    },
    { subject: `p99, ${at}`, measured: walls.map(({ p99Ms }) => p99Ms), limit: 60, unit: 'ms' },
    { subject: `lost, ${at}`, measured: [lostOf(walls)], limit: 0, unit: '' },
  ]
}

function wallsOf(pairs: Pair[]): Figures[] {
  return pairs.map(({ wall }) => wall)
}

function baresOf(pairs: Pair[]): Figures[] {
  return pairs.map(({ bare }) => bare)
}
