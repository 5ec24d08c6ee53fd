// What half the targets falling silent changes for the others: rate and round trips.
import { tableOf } from '../support/printed-page.ts'
import { addressOf, type Manner } from '../worker/responder/manners.ts'
import { openResponderNetwork } from '../worker/responder/network.ts'
import { sized } from './command-line.ts'
import { collect, quantile, withSpread } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import { runEngine } from './pingers.ts'

const HALF = sized(5_000, 500)
const ROUNDS = sized(3, 1)
const MEASURE_MS = sized(10_000, 3_000)

/** Of the one half, which always answers after 20 ms. */
type Others = { perSecond: number; p50Ms: number; p99Ms: number }

type Half = 'all answer' | 'half are silent'

/** The two take turns, each in a network of its own. */
export async function measureSilent(): Promise<string[]> {
  const runs = new Map<Half, Others[]>()
  for (let round = 0; round < ROUNDS; round += 1) {
    collect(runs, 'all answer', await othersBeside('delayed'))
    collect(runs, 'half are silent', await othersBeside('silent'))
  }
  return [
    `${2 * HALF} targets, one echo a second to each; ${ROUNDS} rounds of ${MEASURE_MS / 1_000} s in turn; of the ${HALF} that always answer, medians.`,
    '',
    ...tableOf(
      ['Of the targets', 'Answers of the others a second', 'Round trip', 'p99'],
      [...runs].map(([half, of]) => [
        half,
        figure(of, ({ perSecond }) => perSecond, ''),
        figure(of, ({ p50Ms }) => p50Ms, ' ms'),
        figure(of, ({ p99Ms }) => p99Ms, ' ms'),
      ]),
    ),
    '',
    ...tableOfGoals(goalsOf(runs)),
  ]
}

function figure(runs: Others[], pick: (others: Others) => number, unit: string): string {
  return `${withSpread(runs.map(pick), 2)}${unit}`
}

async function othersBeside(manner: Manner): Promise<Others> {
  const network = await openResponderNetwork()
  try {
    const hosts = (of: Manner, family: 4 | 6) =>
      Array.from({ length: HALF }, (_, i) => addressOf(of, family, i + 1))
    const addresses = [...hosts('delayed', 4), ...hosts(manner, 6)]
    const task = { addresses, intervalMs: 1_000, measureMs: MEASURE_MS, tellsRoundTrips: true }
    const { roundTrips } = await runEngine(task, network.inside)
    const others = roundTrips.filter(([address]) => address < HALF)
    const timesMs = others.map(([, , us]) => us / 1_000)
    const sentMs = others.map(([, ms]) => ms)
    const spanMs = quantile(sentMs, 1) - quantile(sentMs, 0)
    return {
      perSecond: (others.length - 1) / (spanMs / 1_000),
      p50Ms: quantile(timesMs, 0.5),
      p99Ms: quantile(timesMs, 0.99),
    }
  } finally {
    network.close()
  }
}

function goalsOf(runs: Map<Half, Others[]>): Goal[] {
  const risesOf = (pick: (others: Others) => number) =>
    (runs.get('half are silent') ?? []).map((beside, i) => {
      const before = runs.get('all answer')?.[i]
      return 100 * (pick(beside) / (before ? pick(before) : Number.NaN) - 1)
    })
  const change = risesOf(({ perSecond }) => perSecond).map(Math.abs)
  const rise = risesOf(({ p99Ms }) => p99Ms)
  return [
    { subject: 'change of their rate', measured: change, limit: 1, unit: '%' },
    { subject: 'rise of their p99', measured: rise, limit: 5, unit: '%' },
  ]
}
