// What a test has stored, kept beside the database: what every answer must agree with.
import { type SQL, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import type { Db } from '#lib/db/client.ts'
import { samplesBetween } from '#lib/samples/between.ts'
import { countEchoes } from '#lib/samples/counted-echoes.ts'
import type { Part, Parts } from '#lib/samples/runs.ts'
import { countSummaries } from '#lib/samples/summed-figures.ts'
import { expectNear } from './near-figures.ts'
import { recount } from './recount.ts'

/** `us` since 1970: a time may lie between two milliseconds. */
export type Known = { probeId: number; us: number; v: number }

export type KnownSamples = {
  /** Stores rows as anybody may; of two with the same probe and time the first one stands. */
  insert(rows: Known[]): Promise<void>
  /**
   * Fails unless results are those stored, and figures of them, counted and summed up: of all the
   * window, of each minute and hour that holds results, and of other times.
   */
  check(times?: readonly Between[]): Promise<void>
  /** The same for the figures of all the window alone. */
  checkWhole(): Promise<void>
}

/** [fromUs, toUs) */
export type Between = { fromUs: number; toUs: number }

type Window = { probeIds: number[]; from: Date; to: Date; intervalMs: number }

const SLOTS_US = [60_000_000, 3_600_000_000]

/** Rows of these probes, which measure every `intervalMs`, within a window of whole hours. */
export function createKnownSamples(
  db: Db,
  { probeIds, from, to, intervalMs }: Window,
): KnownSamples {
  const known = new Map<string, Known>()
  const window = { fromUs: from.getTime() * 1000, toUs: to.getTime() * 1000 }

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
    async check(times = []) {
      for (const probeId of probeIds) {
        expect(await readRaw(db, { probeId, from, to })).toEqual(ofProbe(probeId))
      }
      const each = probeIds.map((probeId) => [window, ...slotsOf(ofProbe(probeId)), ...times])
      await compare(partsOf(each))
    },
    checkWhole: () => compare(partsOf(probeIds.map(() => [window]))),
  }

  async function compare(parts: Parts): Promise<void> {
    const [exact, summed] = [await countEchoes(db, parts), await countSummaries(db, parts)]
    for (const [n, of] of parts) {
      expect(exact.byN.get(n)).toMatchObject(recount(of.map(rowsOf)))
      expectNear(summed.byN.get(n), exact.byN.get(n))
    }
    expectNear(summed.all, exact.all)
  }

  function ofProbe(probeId: number): { us: number; v: number }[] {
    return [...known.values()]
      .filter((row) => row.probeId === probeId)
      .sort((a, b) => a.us - b.us)
      .map(({ us, v }) => ({ us, v }))
  }

  // Of each probe some times.
  function partsOf(each: readonly (readonly Between[])[]): Parts {
    const asked = probeIds.flatMap((probeId, i) =>
      (each[i] ?? []).map((time) => ({ probeId, ...time })),
    )
    return new Map(asked.map((one, n) => [n, [{ n, ...one, ...paced(one) }]]))
  }

  function paced({ toUs }: Between): Pick<Part, 'pace' | 'settledUs'> {
    return { settledUs: toUs, pace: { intervalUs: intervalMs * 1000, endsAt: toUs } }
  }

  function rowsOf({ probeId, fromUs, toUs }: Part) {
    return ofProbe(probeId)
      .filter(({ us }) => us >= fromUs && us < toUs)
      .map(({ us, v }) => ({ at: String(us), ms: v < 0 ? null : v / 1000 }))
  }
}

function slotsOf(rows: { us: number }[]): Between[] {
  return SLOTS_US.flatMap((slotUs) =>
    [...new Set(rows.map(({ us }) => us - (us % slotUs)))].map((fromUs) => ({
      fromUs,
      toUs: fromUs + slotUs,
    })),
  )
}

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
