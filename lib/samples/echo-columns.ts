// Reads results, hot or cold, as columns of times and values.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Time } from './cover.ts'
import { intsOf, momentsOf } from './sent-array.ts'

/** A probe's results in their order: `at` in µs since 1970, `v` the round trip in µs or an outcome code. */
export type EchoColumns = { at: Float64Array; v: Int32Array }

export type Stretch = Time & { probeId: number }

/** Of the stretch `i`: rows with their times, or as much of a block as lies in it, after `skipped`. */
type Row = { i: number; v: Buffer } & (
  | { at: Buffer }
  | {
      at: null
      hour_us: number
      step_ms: number
      drift_ms: Buffer
      rest_us: Buffer | null
      skipped: number
    }
)

/**
 * What probes measured in these times, by probe. In one statement: what goes from hot to cold is
 * seen once. Leans on the primary keys of samples and sample_blocks.
 */
export async function readEchoes(
  tx: Pick<Db, 'execute'>,
  stretches: readonly Stretch[],
): Promise<Map<number, EchoColumns>> {
  const joined = joinTimes(stretches)
  const found = new Map<number, EchoColumns[]>()
  for (const row of joined.length > 0 ? await readRows(tx, joined) : []) {
    const stretch = joined[row.i - 1]
    if (!stretch) continue
    const before = found.get(stretch.probeId)
    const columns = { at: timesOf(row), v: intsOf(row.v) }
    if (before) before.push(columns)
    else found.set(stretch.probeId, [columns])
  }
  return new Map([...found].map(([probeId, parts]) => [probeId, joinColumns(parts)]))
}

/** How many results there are in these times, and in the blocks that reach into them. */
export async function countStored(
  tx: Pick<Db, 'execute'>,
  stretches: readonly Stretch[],
): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(sql`
    with stretch as materialized (${timesOfStretches(joinTimes(stretches))})
    select coalesce(sum(hot.count + cold.count), 0)::float8 as count
    from stretch t cross join lateral (
      select count(*) as count from samples s
      where s.probe_id = t.probe_id and s.at >= t.starts_at and s.at < t.ends_at
    ) hot cross join lateral (
      select coalesce(sum(cardinality(b.rtt_us)), 0) as count from sample_blocks b
      where b.probe_id = t.probe_id
        and b.hour > t.starts_at - interval '1 hour' and b.hour < t.ends_at
    ) cold`)
  return row?.count ?? 0
}

/** How many results left before a time. */
export function countBefore({ at }: EchoColumns, us: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) < us) low = middle + 1
    else high = middle
  }
  return low
}

// Of each probe times that neither touch nor overlap.
function joinTimes(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const one of stretches.toSorted((a, b) => a.probeId - b.probeId || a.fromUs - b.fromUs)) {
    const last = joined.at(-1)
    if (last?.probeId === one.probeId && one.fromUs <= last.toUs)
      last.toUs = Math.max(last.toUs, one.toUs)
    else joined.push({ ...one })
  }
  return joined
}

function timesOfStretches(stretches: readonly Stretch[]): SQL {
  const column = (pick: (one: Stretch) => number) => sql.param(stretches.map(pick))
  return sql`
    select i::int as i, probe_id, 'epoch'::timestamptz + from_us * interval '1 us' as starts_at,
      'epoch'::timestamptz + to_us * interval '1 us' as ends_at
    from unnest(${column(({ probeId }) => probeId)}::int[],
      ${column(({ fromUs }) => fromUs)}::float8[], ${column(({ toUs }) => toUs)}::float8[])
      with ordinality as u(probe_id, from_us, to_us, i)`
}

function readRows(tx: Pick<Db, 'execute'>, stretches: readonly Stretch[]): Promise<Row[]> {
  return tx.execute<Row>(sql`
    with stretch as materialized (${timesOfStretches(stretches)})
    select t.i, array_send(s.v) as v, array_send(s.at) as at, null::float8 as hour_us,
      null::int as step_ms, null::bytea as drift_ms, null::bytea as rest_us, null::int as skipped
    from stretch t cross join lateral (
      select array_agg(s.rtt_us) as v, array_agg(s.at) as at
      from samples s
      where s.probe_id = t.probe_id and s.at >= t.starts_at and s.at < t.ends_at
    ) s
    where s.v is not null
    union all
    select t.i, array_send(b.rtt_us[cut.skipped + 1:cut.until]), null,
      date_part('epoch', b.hour) * 1000000, b.step_ms,
      array_send(b.drift_ms[cut.skipped + 1:cut.until]),
      array_send(b.rest_us[cut.skipped + 1:cut.until]::int[]), cut.skipped
    from stretch t
    join sample_blocks b on b.probe_id = t.probe_id
      and b.hour > t.starts_at - interval '1 hour' and b.hour < t.ends_at
    cross join lateral (
      select block_place(b.step_ms, b.drift_ms, t.starts_at - b.hour) as skipped,
        block_place(b.step_ms, b.drift_ms, t.ends_at - b.hour + interval '1 ms') as until
    ) cut`)
}

// A block's places are told by the millisecond: it may hold a little more than was asked for.
function timesOf(row: Row): Float64Array {
  if (row.at !== null) return momentsOf(row.at)
  const { hour_us, step_ms, skipped } = row
  const rest = row.rest_us === null ? undefined : intsOf(row.rest_us)
  const drift = intsOf(row.drift_ms)
  const times = new Float64Array(drift.length)
  for (let i = 0; i < times.length; i += 1) {
    const ms = (skipped + i + 1) * step_ms + (drift[i] ?? 0)
    times[i] = hour_us + ms * 1000 + (rest?.[i] ?? 0)
  }
  return times
}

function joinColumns(parts: EchoColumns[]): EchoColumns {
  const [first, ...others] = parts.sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0))
  const columns = first && others.length === 0 ? first : concatenated(parts)
  const isInOrder = columns.at.every((us, i) => i === 0 || (columns.at[i - 1] ?? 0) < us)
  return isInOrder ? columns : inOrder(columns)
}

function concatenated(parts: readonly EchoColumns[]): EchoColumns {
  const count = parts.reduce((sum, { at }) => sum + at.length, 0)
  const [at, v] = [new Float64Array(count), new Int32Array(count)]
  let end = 0
  for (const part of parts) {
    at.set(part.at, end)
    v.set(part.v, end)
    end += part.at.length
  }
  return { at, v }
}

// What came late stands last among the rows, and what two stretches share is there twice.
function inOrder({ at, v }: EchoColumns): EchoColumns {
  const order = [...at.keys()].sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0))
  const once = order.filter((place, i) => i === 0 || at[place] !== at[order[i - 1] ?? 0])
  return {
    at: Float64Array.from(once, (place) => at[place] ?? 0),
    v: Int32Array.from(once, (place) => v[place] ?? 0),
  }
}
