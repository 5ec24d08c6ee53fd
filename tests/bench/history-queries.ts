// How soon what pages ask of history is answered, on many targets with a long past.
import { AppError } from '#lib/errors.ts'
import { tableOf } from '../support/printed-page.ts'
import { type Query, queriesOf } from './asked-history.ts'
import { measureBeside } from './beside.ts'
import { median, quantile } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import { HOUR_DAYS, MINUTE_DAYS, makeLongStore, TARGETS } from './long-store.ts'

type Asked = Query & { times: number[]; told: string }

/** The lines of the part: how long each query takes, goals, and the same asked of others. */
export async function measureQueries(): Promise<string[]> {
  const startMs = performance.now()
  const store = await makeLongStore()
  try {
    const madeSeconds = Math.round((performance.now() - startMs) / 1_000)
    const asked: Asked[] = []
    for (const query of queriesOf(store)) asked.push(await timesOf(query))
    const windows = asked.flatMap(({ subject, times, window }) => {
      return window ? [{ subject, took: inMs(median(times)), window }] : []
    })
    return [...linesOf(asked, madeSeconds), '', ...(await measureBeside(store, windows))]
  } finally {
    await store.close()
  }
}

// The first answer, for which code is compiled, is not counted; after a refusal none is waited for.
async function timesOf(query: Query): Promise<Asked> {
  const times: number[] = []
  let told = ''
  for (let run = 0; run <= query.runs; run += 1) {
    const startMs = performance.now()
    const { count, of } = await askOrHearRefusal(query, run)
    if (run > 0) times.push(performance.now() - startMs)
    if (count === undefined) return { ...query, times: [Number.POSITIVE_INFINITY], told: of }
    if (count === 0) throw new Error(`${query.subject}: nothing was told.`)
    told = `${count} ${of}`
  }
  return { ...query, times, told }
}

async function askOrHearRefusal(
  query: Query,
  run: number,
): Promise<{ count?: number; of: string }> {
  try {
    return await query.ask(run)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return { of: 'refused: too much' }
    throw error
  }
}

function linesOf(asked: Asked[], madeSeconds: number): string[] {
  const rows = asked.map(({ subject, told, times }) => {
    return [subject, told, inMs(median(times)), inMs(quantile(times, 0.95)), String(times.length)]
  })
  const goals = asked.flatMap(({ subject, times, goal }): Goal[] => {
    if (!goal) return []
    const measured = goal.share === 0.5 ? times : [quantile(times, goal.share)]
    const of = goal.share === 0.5 ? subject : `${subject}, 95th percentile`
    return [{ subject: of, measured, limit: goal.limit, unit: 'ms' }]
  })
  return [
    `${TARGETS} targets at one echo a second: a day of echoes, ${MINUTE_DAYS} days of minutes, ${HOUR_DAYS} days of hours; made in ${madeSeconds} s.`,
    '',
    ...tableOf(['What is asked', 'Told', 'Median', '95th percentile', 'Runs'], rows),
    '',
    ...tableOfGoals(goals),
  ]
}

const inMs = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} ms` : '—')
