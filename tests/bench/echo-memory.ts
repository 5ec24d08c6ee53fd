// What a probe takes of resident memory: a process with many of them beside one with few.
import { tableOf } from '../support/printed-page.ts'
import { sized } from './command-line.ts'
import { loopback } from './echo-cost.ts'
import { tableOfGoals } from './goal.ts'
import { runEngine } from './pingers.ts'

const COUNTS = [1_000, 10_000, 20_000]
/** Longer than late replies are waited for: then the table of echoes under way no longer grows. */
const MEASURE_MS = sized(15_000, 3_000)

/** With one echo a second each, every echo remembered for its timeout of 1 s and 10 s more. */
export async function measureProbeMemory(): Promise<string[]> {
  const sizes: number[] = []
  for (const count of COUNTS) {
    const task = { addresses: loopback(count), intervalMs: 1_000, measureMs: MEASURE_MS }
    sizes.push((await runEngine(task)).residentBytes.after)
  }
  const goals = COUNTS.slice(1).map((count, i) => {
    const [fewer = 0, former = 0, size = 0] = [COUNTS[i], sizes[i], sizes[i + 1]]
    return {
      subject: `a probe, of those between ${fewer} and ${count}`,
      measured: [(size - former) / (count - fewer) / 1_024],
      limit: 2,
      unit: 'KiB',
    }
  })
  return [
    ...tableOf(
      ['Probes', 'Resident'],
      COUNTS.map((count, i) => [`${count}`, `${((sizes[i] ?? 0) / 2 ** 20).toFixed(1)} MiB`]),
    ),
    '',
    ...tableOfGoals(goals),
  ]
}
