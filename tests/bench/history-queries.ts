// How soon what pages ask of history is answered, on many targets with a long past.
import { AppError } from '#lib/errors.ts'
import { createSnapshots } from '#lib/live/snapshots.ts'
import { openHistory } from '#lib/samples/history.ts'
import { showSuccessRate } from '#lib/samples/success-rate.ts'
import { tableOf } from '../support/printed-page.ts'
import { sized } from './command-line.ts'
import { DAY_MS } from './copied-past.ts'
import { median, quantile } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import {
  HOUR_DAYS,
  type LongStore,
  MINUTE_DAYS,
  makeLongStore,
  PARTS,
  type StoredGroup,
  TARGETS,
} from './long-store.ts'

/** Each asks of other targets than the one before. */
const RUNS = { short: sized(40, 5), long: sized(12, 3) }
const TWO_MINUTES_MS = 120_000
const WEEKS_MS = 28 * DAY_MS
const [HOUR_SECONDS, DAY_SECONDS] = [3_600, 86_400]

type Query = {
  subject: string
  runs: number
  /** Milliseconds that a person may wait, at the median or the 95th percentile. */
  goal?: { limit: number; share: 0.5 | 0.95 }
  /** Says how much it was told. */
  ask(run: number): Promise<{ count: number; of: string }>
}

type Asked = Query & { times: number[]; told: string }

/** The lines of the part: medians, 95th percentiles and goals of each query. */
export async function measureQueries(): Promise<string[]> {
  const startMs = performance.now()
  const store = await makeLongStore()
  try {
    const madeSeconds = Math.round((performance.now() - startMs) / 1_000)
    const asked: Asked[] = []
    for (const query of queriesOf(store)) asked.push(await timesOf(query))
    return linesOf(asked, madeSeconds)
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

function queriesOf(store: LongStore): Query[] {
  const { all, quarters, twentieths } = store.groups
  const sizeOf = (part: keyof typeof PARTS) => TARGETS / PARTS[part]
  const { short, long } = RUNS
  const rate = (groups: StoredGroup[], end: Date, rangeMs: number, isOfOne = false) => {
    return (run: number) => askRate(store, pick(groups, run), { end, rangeMs, isOfOne, run })
  }
  return [
    {
      subject: `success rate of ${sizeOf('twentieths')} addresses over 120 s`,
      ...{ runs: short, goal: { limit: 20, share: 0.95 } },
      ask: rate(twentieths, store.until, TWO_MINUTES_MS),
    },
    {
      subject: 'success rate of one address over 24 h, every echo counted',
      ...{ runs: short, goal: { limit: 50, share: 0.5 } },
      ask: rate(all, store.end, DAY_MS, true),
    },
    {
      subject: `success rate of ${sizeOf('quarters')} addresses over 24 h`,
      ...{ runs: long, goal: { limit: 200, share: 0.5 } },
      ask: rate(quarters, store.end, DAY_MS),
    },
    {
      subject: `success rate of ${sizeOf('quarters')} addresses over ${MINUTE_DAYS} days`,
      ...{ runs: long, goal: { limit: 300, share: 0.5 } },
      ask: rate(quarters, store.end, MINUTE_DAYS * DAY_MS),
    },
    {
      subject: `one target’s chart of ${HOUR_DAYS} days`,
      ...{ runs: short, goal: { limit: 100, share: 0.5 } },
      ask: (run) => askChart(store, run, HOUR_DAYS * DAY_MS, DAY_SECONDS),
    },
    {
      subject: 'one target’s 28 days by the hour',
      runs: short,
      ask: (run) => askChart(store, run, WEEKS_MS, HOUR_SECONDS),
    },
    {
      subject: `a wall of ${sizeOf('all')} targets opened: its snapshot`,
      ...{ runs: short, goal: { limit: 150, share: 0.5 } },
      ask: () => askSnapshot(store),
    },
  ]
}

type Window = { end: Date; rangeMs: number; isOfOne: boolean; run: number }

async function askRate({ ctx }: LongStore, group: StoredGroup, { end, rangeMs, ...asked }: Window) {
  const answer = await showSuccessRate(ctx, {
    groupId: group.id,
    floor_time: new Date(end.getTime() - rangeMs),
    time_range: rangeMs / 1_000,
    ...(asked.isOfOne && { target_id: pick(group.targetIds, asked.run) }),
  })
  JSON.stringify(answer)
  return { count: answer.sent, of: 'echoes' }
}

async function askChart(
  { ctx, groups, end }: LongStore,
  run: number,
  rangeMs: number,
  resolution: number,
) {
  const group = pick(groups.all, 0)
  const history = await openHistory(ctx, {
    groupId: group.id,
    targetId: pick(group.targetIds, run),
    ...{ from: new Date(end.getTime() - rangeMs), to: end, resolution },
  })
  const items: unknown[] = []
  for await (const page of history.pages) items.push(...page)
  JSON.stringify(items)
  return { count: items.length, of: 'buckets' }
}

async function askSnapshot({ ctx, groups }: LongStore) {
  const snapshots = createSnapshots(ctx, () => 0)
  const wish = { since: undefined, replay: 'last' as const }
  const snapshot = await snapshots.read(pick(groups.all, 0).id, wish)
  const { frames = [] } = (await snapshot?.rest) ?? {}
  const bytes = [snapshot?.first ?? '', ...frames].reduce((sum, frame) => sum + frame.length, 0)
  return { count: Math.round(bytes / 1_000), of: 'KB of frames' }
}

function linesOf(asked: Asked[], madeSeconds: number): string[] {
  const ms = (value: number) => (Number.isFinite(value) ? value.toFixed(1) : '—')
  const rows = asked.map(({ subject, told, times }) => {
    return [subject, told, ms(median(times)), ms(quantile(times, 0.95)), String(times.length)]
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
    ...tableOf(['What is asked', 'Told', 'Median, ms', '95th percentile, ms', 'Runs'], rows),
    '',
    ...tableOfGoals(goals),
  ]
}

function pick<Item>(items: readonly Item[], run: number): Item {
  const item = items[(run * 37) % items.length]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}
