// Opens and closes outages from what a flush has stored; sets of them, one statement each.
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import type { Hop } from '#lib/db/schema.ts'

/** A lost echo: `outcome` is its code, `error` what ICMP said of it. */
export type Loss = {
  probeId: number
  atMs: number
  outcome: number
  error: { code: number | null; from: string } | undefined
}

export type OpenOutage = { probeId: number; hasError: boolean }

/** An outage that has just begun, and where the echoes went. */
export type NewOutage = OpenOutage & { startedAt: string; address: string }

/** Every outage that goes on. */
export async function readOpenOutages(tx: Tx): Promise<OpenOutage[]> {
  return await tx.execute<OpenOutage>(sql`
    select probe_id as "probeId", error_from is not null as "hasError"
    from outages where ended_at is null`)
}

/**
 * Opens an outage wherever one of these losses is the third in a row by the samples stored, those of
 * this transaction included, with nothing unmeasured in between; one that is over already is stored
 * with its end. Gives those that go on. It began after the last answer of the last minute or four
 * intervals: so few samples are read that a thousand openings take no second. Leans on the primary
 * key of samples.
 */
export async function openOutages(tx: Tx, losses: Loss[]): Promise<NewOutage[]> {
  return await tx.execute<NewOutage>(sql`
    with loss as (
      select l.*, p.interval_ms * interval '2.5 ms' as three,
        greatest(interval '1 minute', p.interval_ms * interval '4 ms') as back
      from ${rowsOf(losses)} join probes p on p.id = l.probe_id
      where not exists (select from outages o where o.probe_id = l.probe_id and o.ended_at is null)
    ), dark as (
      select l.* from loss l where (
        select count(*) >= 3 and bool_and(s.rtt_us < 0)
        from samples s where s.probe_id = l.probe_id and s.at <= l.at and s.at > l.at - l.three)
    ), spanned as (
      select d.*, (
        select min(s.at) from samples s where s.probe_id = d.probe_id and s.at <= d.at
          and s.at > coalesce((select max(a.at) from samples a where a.probe_id = d.probe_id
            and a.at < d.at and a.at > d.at - d.back and a.rtt_us >= 0), d.at - d.back)
        ) as started_at, (
        select min(a.at) from samples a where a.probe_id = d.probe_id
          and a.at > d.at and a.at < d.at + d.back and a.rtt_us >= 0) as ended_at
      from dark d
    ), opened as (
      insert into outages (probe_id, started_at, ended_at, outcome, error_code, error_from)
      select distinct on (probe_id, started_at) probe_id, started_at, ended_at, outcome, error_code,
        error_from
      from spanned order by probe_id, started_at, at desc
      on conflict (probe_id, started_at) do update set ended_at = excluded.ended_at
        where outages.ended_at < excluded.ended_at
      returning probe_id, started_at, ended_at, error_from
    )
    select o.probe_id as "probeId", o.error_from is not null as "hasError",
      o.started_at as "startedAt", coalesce((select a.address from probe_addresses a
        where a.probe_id = o.probe_id order by a.since desc limit 1), p.host) as address
    from opened o join probes p on p.id = o.probe_id where o.ended_at is null`)
}

/** Ends the open outages of these probes with the first answer after their start; gives the probes. */
export async function closeOutages(
  tx: Tx,
  answers: { probeId: number; atMs: number }[],
): Promise<number[]> {
  const rows = await tx.execute<{ probe_id: number }>(sql`
    update outages o set ended_at = a.at
    from (
      select o.probe_id, o.started_at, min(a.at) as at
      from (select probe_id, 'epoch'::timestamptz + at_ms * interval '1 ms' as at
        from unnest(${sql.param(answers.map(({ probeId }) => probeId))}::int[],
          ${sql.param(answers.map(({ atMs }) => atMs))}::bigint[]) as u(probe_id, at_ms)) a
      join outages o on o.probe_id = a.probe_id and o.ended_at is null and o.started_at < a.at
      group by o.probe_id, o.started_at
    ) a
    where o.probe_id = a.probe_id and o.started_at = a.started_at
    returning o.probe_id`)
  return rows.map((row) => row.probe_id)
}

/** Says of open outages which ICMP error was told, and by whom; the first one stands. */
export async function noteErrors(tx: Tx, losses: Loss[]): Promise<void> {
  await tx.execute(sql`
    update outages o set outcome = l.outcome, error_code = l.error_code, error_from = l.error_from
    from ${rowsOf(losses)}
    where o.probe_id = l.probe_id and o.ended_at is null and o.error_from is null
      and l.error_from is not null`)
}

/** Stores the way that an outage's echoes went as far as they came. */
export async function storePath(
  db: Db,
  { probeId, startedAt }: Pick<NewOutage, 'probeId' | 'startedAt'>,
  path: Hop[],
): Promise<void> {
  await db.execute(sql`
    update outages set path = ${JSON.stringify(path)}::jsonb
    where probe_id = ${probeId} and started_at = ${startedAt}::timestamptz`)
}

function rowsOf(losses: Loss[]) {
  return sql`(
    select probe_id, 'epoch'::timestamptz + at_ms * interval '1 ms' as at, outcome, error_code,
      error_from
    from unnest(${sql.param(losses.map(({ probeId }) => probeId))}::int[],
      ${sql.param(losses.map(({ atMs }) => atMs))}::bigint[],
      ${sql.param(losses.map(({ outcome }) => outcome))}::smallint[],
      ${sql.param(losses.map(({ error }) => error?.code ?? null))}::smallint[],
      ${sql.param(losses.map(({ error }) => error?.from ?? null))}::text[])
      as u(probe_id, at_ms, outcome, error_code, error_from)) l`
}
