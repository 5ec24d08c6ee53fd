// What a test has stored, kept beside the database: what every answer must agree with.
import { type SQL, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import type { Db } from '#lib/db/client.ts'
import { samplesBetween } from '#lib/samples/between.ts'
import { readSummaries } from '#lib/samples/summaries.ts'
import { type Result, type Summary, summarize } from '#lib/samples/summary.ts'

/** `us` since 1970: a time may lie between two milliseconds. */
export type Known = { probeId: number; us: number; v: number }

export type KnownSamples = {
  /** Stores rows as anybody may; of two with the same probe and time the first one stands. */
  insert(rows: Known[]): Promise<void>
  /** Fails unless results, counts and summaries are those of the rows stored. */
  check(): Promise<void>
}

const SLOT_MS = { minute: 60_000, hour: 3_600_000 }

/** Rows of these probes, which measure every `intervalMs`, within a window of whole hours. */
export function createKnownSamples(
  db: Db,
  { probeIds, from, to, intervalMs }: Window,
): KnownSamples {
  const known = new Map<string, Known>()

  return {
    async insert(rows) {
      for (const row of rows) {
        const key = `${row.probeId} ${row.us}`
        if (!known.has(key)) known.set(key, row)
      }
      const column = (pick: (row: Known) => number) => sql.param(rows.map(pick))
      await db.execute(sql`
        insert into samples (probe_id, at, rtt_us)
        select probe_id, 'epoch'::timestamptz + us * interval '1 microsecond', v
        from unnest(${column((row) => row.probeId)}::int[], ${column((row) => row.us)}::bigint[],
          ${column((row) => row.v)}::int[]) as u(probe_id, us, v)
        on conflict do nothing`)
    },
    async check() {
      for (const probeId of probeIds) {
        expect(await readRaw(db, { probeId, from, to })).toEqual(ofProbe(probeId))
      }
      expect(await readSlots('minute')).toEqual(expectedSlots('minute'))
      expect(await readSlots('hour')).toEqual(expectedSlots('hour'))
    },
  }

  function ofProbe(probeId: number): { us: number; v: number }[] {
    return [...known.values()]
      .filter((row) => row.probeId === probeId)
      .sort((a, b) => a.us - b.us)
      .map(({ us, v }) => ({ us, v }))
  }

  async function readSlots(level: keyof typeof SLOT_MS) {
    const slots = await readSummaries(db, { probeIds, from, to, level })
    return slots.map(({ probeId, at, summary }) => ({ probeId, at, ...comparable(summary) }))
  }

  function expectedSlots(level: keyof typeof SLOT_MS) {
    return probeIds
      .toSorted((a, b) => a - b)
      .flatMap((probeId) =>
        [...bySlot(ofProbe(probeId), SLOT_MS[level])].map(([at, results]) => ({
          probeId,
          at,
          ...comparable(summarize(results, intervalMs)),
        })),
      )
  }
}

function bySlot(rows: { us: number; v: number }[], slotMs: number): Map<number, Result[]> {
  const slots = new Map<number, Result[]>()
  for (const { us, v } of rows) {
    const at = Math.floor(us / 1_000)
    const slot = at - (at % slotMs)
    slots.set(slot, [...(slots.get(slot) ?? []), { at, v }])
  }
  return slots
}

type Window = { probeIds: number[]; from: Date; to: Date; intervalMs: number }

async function readRaw(
  db: Db,
  { probeId, from, to }: { probeId: number; from: Date; to: Date },
): Promise<{ us: number; v: number }[]> {
  const time = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`
  const rows = await db.execute<{ us: string; v: number }>(sql`
    select (extract(epoch from at) * 1000000)::bigint as us, rtt_us as v
    from ${samplesBetween(sql`${probeId}::int`, time(from), time(to))} s
    order by at`)
  return rows.map(({ us, v }) => ({ us: Number(us), v }))
}

// Sums of squares are sums of floats, whose order may differ.
function comparable({ sumSquares, histogram, ...rest }: Summary) {
  return {
    ...rest,
    sumSquares: Number(sumSquares.toPrecision(12)),
    histogram: [...histogram].sort(([a], [b]) => a - b),
  }
}
