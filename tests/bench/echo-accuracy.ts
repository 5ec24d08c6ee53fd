// How our round trips on loopback compare with those that ping itself tells.
import { tableOf } from '../support/printed-page.ts'
import { sized } from './command-line.ts'
import { collect, median } from './figures.ts'
import { tableOfGoals } from './goal.ts'
import { runEngine, runPings } from './pingers.ts'

const ROUNDS = sized(5, 1)
const SECONDS = 5
const ADDRESSES = ['127.0.0.1', '::1']

/** Ping's average and our median, of one address with one echo a second, at the same time. */
export async function measureAccuracy(): Promise<string[]> {
  const differencesMs = new Map<string, number[]>()
  const rows: string[][] = []
  for (const address of ADDRESSES) {
    const pairs: { ours: number; theirs: number }[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const task = { addresses: [address], intervalMs: 200, measureMs: SECONDS * 1_000 }
      const [engine, ping] = await Promise.all([runEngine(task), runPings([address], SECONDS)])
      pairs.push({ ours: engine.p50Us, theirs: ping.p50Us })
      collect(differencesMs, address, Math.abs(engine.p50Us - ping.p50Us) / 1_000)
    }
    const of = (pick: (pair: { ours: number; theirs: number }) => number) =>
      `${median(pairs.map(pick)).toFixed(0)} µs`
    rows.push([address, of(({ ours }) => ours), of(({ theirs }) => theirs)])
  }
  return [
    ...tableOf(['Address', 'Engine', 'ping'], rows),
    '',
    ...tableOfGoals(
      [...differencesMs].map(([address, measured]) => ({
        subject: `difference from ping, ${address}`,
        measured,
        limit: 0.1,
        unit: 'ms',
      })),
    ),
  ]
}
