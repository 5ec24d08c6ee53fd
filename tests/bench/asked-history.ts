// What pages ask of history: windows, verbs that answer, and how long that may take.
import { createSnapshots } from '#lib/live/snapshots.ts'
import { openHistory } from '#lib/samples/history.ts'
import { showMatrix } from '#lib/samples/matrix.ts'
import { MatrixWindow } from '#lib/samples/matrix-contract.ts'
import { showSuccessRate } from '#lib/samples/success-rate.ts'
import { sized } from './command-line.ts'
import type { Window } from './contenders.ts'
import { DAY_MS } from './copied-past.ts'
import {
  HOUR_DAYS,
  type LongStore,
  MINUTE_DAYS,
  PARTS,
  type StoredGroup,
  TARGETS,
} from './long-store.ts'

export type Query = {
  subject: string
  runs: number
  /** Milliseconds that a person may wait, at the median or the 95th percentile. */
  goal?: { limit: number; share: 0.5 | 0.95 }
  /** Where others can be asked the same. */
  window?: Window
  /** Says how much it was told; each run asks of other targets than the one before. */
  ask(run: number): Promise<{ count: number; of: string }>
}

const RUNS = { short: sized(40, 5), long: sized(12, 3) }
const TWO_MINUTES_MS = 120_000
const WEEKS_MS = 28 * DAY_MS
const [MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS] = [60, 3_600, 86_400]

export function queriesOf(store: LongStore): Query[] {
  const { end, until } = store
  const { short, long } = RUNS
  const [quarter, twentieth] = [TARGETS / PARTS.quarters, TARGETS / PARTS.twentieths]
  const window = (targets: number, to: Date, rangeMs: number, stepSeconds: number) => {
    return { targets, from: new Date(to.getTime() - rangeMs), to, stepSeconds }
  }
  return [
    rateOf(store, `${twentieth} addresses over 120 s`, {
      ...{ runs: short, goal: { limit: 20, share: 0.95 } },
      window: window(twentieth, until, TWO_MINUTES_MS, 1),
    }),
    rateOf(store, 'one address over 24 h, every echo counted', {
      ...{ runs: short, goal: { limit: 50, share: 0.5 } },
      window: window(1, end, DAY_MS, 1),
    }),
    rateOf(store, `${quarter} addresses over 24 h`, {
      ...{ runs: long, goal: { limit: 200, share: 0.5 } },
      window: window(quarter, end, DAY_MS, MINUTE_SECONDS),
    }),
    rateOf(store, `${quarter} addresses over ${MINUTE_DAYS} days`, {
      ...{ runs: long, goal: { limit: 300, share: 0.5 } },
      window: window(quarter, end, MINUTE_DAYS * DAY_MS, HOUR_SECONDS),
    }),
    chartOf(store, `${HOUR_DAYS} days`, {
      ...{ runs: short, goal: { limit: 100, share: 0.5 } },
      window: window(1, end, HOUR_DAYS * DAY_MS, DAY_SECONDS),
    }),
    chartOf(store, '28 days by the hour', {
      runs: short,
      window: window(1, end, WEEKS_MS, HOUR_SECONDS),
    }),
    {
      subject: `the matrix of ${quarter} addresses over 24 h, all its pages`,
      runs: long,
      ask: (run) => askMatrix(store, pick(store.groups.quarters, run)),
    },
    {
      subject: `a wall of ${TARGETS} targets opened: its snapshot`,
      ...{ runs: short, goal: { limit: 150, share: 0.5 } },
      ask: () => askSnapshot(store),
    },
  ]
}

type Wanted = Pick<Query, 'runs' | 'goal'> & { window: Omit<Window, 'isChart'> }

function rateOf({ ctx, groups }: LongStore, of: string, wanted: Wanted): Query {
  const { targets, from, to } = wanted.window
  const candidates = Object.values(groups).find(([group]) => group?.targetIds.length === targets)
  return {
    ...wanted,
    subject: `success rate of ${of}`,
    window: { ...wanted.window, isChart: false },
    async ask(run) {
      const group = pick(candidates ?? groups.all, run)
      const answer = await showSuccessRate(ctx, {
        groupId: group.id,
        floor_time: from,
        time_range: (to.getTime() - from.getTime()) / 1_000,
        ...(targets === 1 && { target_id: pick(group.targetIds, run) }),
      })
      JSON.stringify(answer)
      return { count: answer.sent, of: 'echoes' }
    },
  }
}

function chartOf({ ctx, groups }: LongStore, of: string, wanted: Wanted): Query {
  const { from, to, stepSeconds: resolution } = wanted.window
  return {
    ...wanted,
    subject: `one target’s chart of ${of}`,
    window: { ...wanted.window, isChart: true },
    async ask(run) {
      const { id: groupId, targetIds } = pick(groups.all, 0)
      const asked = { groupId, targetId: pick(targetIds, run), from, to, resolution }
      const history = await openHistory(ctx, asked)
      const items: unknown[] = []
      for await (const page of history.pages) items.push(...page)
      JSON.stringify(items)
      return { count: items.length, of: 'buckets' }
    },
  }
}

async function askMatrix({ ctx, end }: LongStore, { id: groupId }: StoredGroup) {
  const asked = { groupId, from: new Date(end.getTime() - DAY_MS), to: end }
  let count = 0
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const bounds = MatrixWindow.parse({ ...(cursor && { cursor }) })
    const page = await showMatrix(ctx, { ...bounds, ...asked })
    JSON.stringify(page)
    count += page.targets.length * page.at.length
    cursor = page.next_cursor
  }
  return { count, of: 'cells' }
}

async function askSnapshot({ ctx, groups }: LongStore) {
  const snapshots = createSnapshots(ctx, () => 0)
  const wish = { since: undefined, replay: 'last' as const }
  const snapshot = await snapshots.read(pick(groups.all, 0).id, wish)
  const { frames = [] } = (await snapshot?.rest) ?? {}
  const bytes = [snapshot?.first ?? '', ...frames].reduce((sum, frame) => sum + frame.length, 0)
  return { count: Math.round(bytes / 1_000), of: 'KB of frames' }
}

function pick<Item>(items: readonly Item[], run: number): Item {
  const item = items[(run * 37) % items.length]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}
