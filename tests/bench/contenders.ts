// Who is asked the same windows of history as we are, and how they tell what they cannot.
import { sized } from './command-line.ts'
import { median } from './figures.ts'

/** A window; `stepSeconds` is what tells it: the level that we count by, or a bucket of a chart. */
export type Window = {
  targets: number
  from: Date
  to: Date
  stepSeconds: number
  isChart: boolean
}

export type Contender = {
  name: string
  /** Of an echo that is kept by itself. */
  bytesAnEcho: number | undefined
  /** Milliseconds of several tries, or why there are none, in words. */
  ask(window: Window): Promise<string>
}

const RUNS = sized(5, 2)
/** After so long once is enough. */
const PATIENCE_MS = 5_000

/** The median, after a first time that is not counted; throws where nothing was told. */
export async function timeOf(tell: () => Promise<number>): Promise<string> {
  const times: number[] = []
  const beganMs = performance.now()
  for (let run = 0; run <= RUNS; run += 1) {
    if (times.length > 0 && performance.now() - beganMs > PATIENCE_MS) break
    const startMs = performance.now()
    if ((await tell()) === 0) throw new Error('Nothing was told.')
    if (run > 0) times.push(performance.now() - startMs)
  }
  return `${median(times).toFixed(1)} ms`
}
