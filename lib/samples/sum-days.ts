// Adds up days from their hours, so that a long window need not read them all.
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import { SLOT_US } from './cover.ts'
import { type PackShelf, packRow, readPacks, type Wanted, want } from './pack-shelf.ts'
import { dayOf, inPlaceOf, LEVELS, PACK_COLUMNS } from './packs.ts'
import { addSlots, newSum, type Slot } from './running-sum.ts'
import { createHistogram } from './spread.ts'
import { inTurn } from './turn.ts'

/** Added up at once, in a tenth of a second. */
const MOST_DAYS = 500

/** The days of a probe that lie in one pack and are not added up, by their beginnings in µs. */
type Missing = { probeId: number; intervalMs: number; sinceUs: number; daysUs: number[] }

/** Days since `from` that are over, of probes with at least this number. */
type Asked = { now: Date; from: Date; probeId: number }

/**
 * Stores the days since `from` that are over and not added up yet, some at a time: each is what its
 * stored hours add up to. When one of those is stored anew, the day goes (`storeSums`). Tells how
 * many were stored at a time; ends early while another process is at it.
 */
export async function* sumDays(db: Db, now: Date, from: Date): AsyncGenerator<number> {
  for (let probeId = 0; ; ) {
    const asked = { now, from, probeId }
    const missing = await inTurn(
      db,
      async (tx) => await storeDays(tx, await listMissing(tx, asked)),
    )
    if (!missing || missing.length === 0) return
    yield missing.reduce((sum, { daysUs }) => sum + daysUs.length, 0)
    for (const one of missing) probeId = Math.max(probeId, one.probeId)
  }
}

// The last hour of a day is summed up some minutes after it. Leans on the primary key.
async function listMissing(
  tx: Pick<Tx, 'execute'>,
  { now, from, probeId }: Asked,
): Promise<Missing[]> {
  const { span, table } = LEVELS.day
  const us = (at: string) => sql`(date_part('epoch', ${sql.raw(at)}) * 1000000)::float8`
  return await tx.execute<Missing>(sql`
    select h.probe_id as "probeId", coalesce(p.interval_ms, 1000) as "intervalMs",
      ${us('h.pack')} as "sinceUs", array_agg(${us('h.since')}) as "daysUs"
    from (
      select h.probe_id, h.since, date_bin(${span}, h.since, 'epoch') as pack
      from hour_summaries h
      where h.probe_id >= ${probeId} and h.since >= ${from.toISOString()}::timestamptz
        and h.since <= ${now.toISOString()}::timestamptz - interval '25 hours'
        and not exists (select from ${table} d where d.probe_id = h.probe_id
          and d.since = date_bin(${span}, h.since, 'epoch')
          and ${dayOf(sql`h.since`)} = any(d.slots))
      order by h.probe_id, h.since limit ${MOST_DAYS}
    ) h left join probes p on p.id = h.probe_id
    group by h.probe_id, p.interval_ms, h.pack`)
}

async function storeDays(tx: Pick<Tx, 'execute'>, missing: Missing[]): Promise<Missing[]> {
  if (missing.length === 0) return missing
  const [packs, hours]: [Wanted, Wanted] = [new Map(), new Map()]
  for (const { probeId, sinceUs, daysUs } of missing) {
    want(packs, 'day', probeId, { fromUs: sinceUs, toUs: sinceUs + 1 })
    for (const fromUs of daysUs) want(hours, 'hour', probeId, { fromUs, toUs: fromUs + 1 })
  }
  const [dayShelf, hourShelf] = [
    await readPacks(tx, 'day', packs),
    await readPacks(tx, 'hour', hours),
  ]
  const rows = missing.map((one) => {
    const { probeId, sinceUs } = one
    const reach = { fromUs: sinceUs, toUs: sinceUs + LEVELS.day.spanUs }
    const days = [...dayShelf.slotsOf(probeId, reach), ...addUp(one, hourShelf)]
    return packRow(
      'day',
      { probeId, sinceUs },
      days.sort((a, b) => a.atUs - b.atUs),
    )
  })
  await tx.execute(sql`
    insert into day_summaries
    select * from json_populate_recordset(null::day_summaries, ${JSON.stringify(rows)}::json)
    ${inPlaceOf(PACK_COLUMNS)}`)
  return missing
}

function addUp({ probeId, intervalMs, daysUs }: Missing, hours: PackShelf): Slot[] {
  const pace = { intervalUs: intervalMs * 1000, endsAt: Number.POSITIVE_INFINITY }
  return daysUs.map((fromUs) => {
    const spread = createHistogram()
    const summary = newSum(spread)
    addSlots(summary, pace, hours.slotsOf(probeId, { fromUs, toUs: fromUs + SLOT_US.day }))
    return { atUs: fromUs, summary, ...spread.ofPart() }
  })
}
