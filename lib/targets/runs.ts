// Opens and closes runs: a target is measured exactly while one of them is open.
import { sql } from 'drizzle-orm'
import type { Tx } from '#lib/db/client.ts'

// Runs are dated by clock_timestamp(), read once for all rows: now() is when the transaction began,
// which may be before the run that it ends had started.
const MOMENT = sql`moment as materialized (select clock_timestamp() as at)`

/** From now on these targets run with the probes they have. None of them may have an open run. */
export async function openRuns(tx: Tx, targetIds: string[]): Promise<void> {
  await tx.execute(sql`
    with ${MOMENT}
    insert into target_runs (target_id, probe_id, started_at)
    select t.id, t.probe_id, moment.at
    from unnest(${sql.param(targetIds)}::uuid[]) as started(id)
    join targets t on t.id = started.id cross join moment`)
}

/** From now on these targets do not run. */
export async function closeRuns(tx: Tx, targetIds: string[]): Promise<void> {
  await tx.execute(sql`
    with ${MOMENT}
    update target_runs r set ended_at = moment.at
    from moment, unnest(${sql.param(targetIds)}::uuid[]) as stopped(id)
    where r.target_id = stopped.id and r.ended_at is null`)
}
