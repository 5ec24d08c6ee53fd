// Counts from every single result: exact to the digit.
import type { Db } from '#lib/db/client.ts'
import type { Time } from './cover.ts'
import { countBefore, type EchoColumns, readEchoes } from './echo-columns.ts'
import { type Counted, createFigures } from './figures.ts'
import { addEcho, newSum, type RunningSum } from './running-sum.ts'
import { missingIn, type Part, type Parts } from './runs.ts'
import { createExactSpread } from './spread.ts'

/** The figures of each `n` of the parts, and of all. */
export async function countEchoes(tx: Pick<Db, 'execute'>, parts: Parts): Promise<Counted> {
  const echoes = await readEchoes(tx, [...parts.values()].flat())
  const spread = createExactSpread()
  const figures = createFigures(spread)
  for (const [n, of] of parts) {
    const sum = newSum(spread)
    const held = of.map((part) => ({ part, ...within(part, echoes.get(part.probeId)) }))
    if (isInTurn(of)) for (const one of held) addHeld(sum, one)
    else addMixed(sum, held)
    figures.add(
      n,
      sum,
      held.map(({ part, settled }) => missingIn(part, settled)),
    )
  }
  return figures.counted()
}

/** Adds the results of a time within a part; gives how many of them are settled. */
export function addEchoes(
  sum: RunningSum,
  part: Part,
  { time, echoes }: { time: Time; echoes: EchoColumns | undefined },
): number {
  const held = { part, ...within({ ...part, ...time }, echoes) }
  addHeld(sum, held)
  return held.settled
}

/** Results from the place `first` to before `end`, of which so many are settled. */
type Within = { echoes: EchoColumns; first: number; end: number; settled: number }
type Held = Within & { part: Part }

const NO_ECHOES: EchoColumns = { at: new Float64Array(), v: new Int32Array() }

function within({ fromUs, toUs, settledUs }: Part, echoes = NO_ECHOES): Within {
  const first = countBefore(echoes, fromUs)
  const end = countBefore(echoes, toUs)
  const settled = Math.max(0, Math.min(end, countBefore(echoes, settledUs)) - first)
  return { echoes, first, end, settled }
}

function addHeld(sum: RunningSum, { part, echoes: { at, v }, first, end }: Held): void {
  for (let i = first; i < end; i += 1) addEcho(sum, part.pace, at[i] ?? 0, v[i] ?? 0)
}

function isInTurn(parts: readonly Part[]): boolean {
  return parts.every((part, i) => (parts[i - 1]?.toUs ?? part.fromUs) <= part.fromUs)
}

// A clock that was set back lets runs with different probes overlap.
function addMixed(sum: RunningSum, held: readonly Held[]): void {
  const results = held.flatMap(({ part: { pace }, echoes: { at, v }, first, end }) =>
    Array.from(at.subarray(first, end), (us, i) => ({ pace, us, v: v[first + i] ?? 0 })),
  )
  for (const { pace, us, v } of results.sort((a, b) => a.us - b.us)) addEcho(sum, pace, us, v)
}
