// Opens and closes runs: a target is measured exactly while one of them is open.
import { sql } from 'drizzle-orm'
import type { Tx } from '#lib/db/client.ts'

// Runs are dated by clock_timestamp(), read once for all rows: now() is when the transaction began,
// which may be before the run that it ends had started.
const MOMENT = sql`moment as materialized (select clock_timestamp() as at)`

type Identified = { id: string }

/** From now on these targets run with the probes they have. None of them may have an open run. */
export async function openRuns(tx: Tx, targets: readonly Identified[]): Promise<void> {
  await tx.execute(sql`
    with ${MOMENT}
    insert into target_runs (target_id, probe_id, started_at)
    select t.id, t.probe_id, moment.at
    from unnest(${idsOf(targets)}::uuid[]) as started(id)
    join targets t on t.id = started.id cross join moment`)
}

/** From now on these targets do not run. */
export async function closeRuns(tx: Tx, targets: readonly Identified[]): Promise<void> {
  await tx.execute(sql`
    with ${MOMENT}
    update target_runs r set ended_at = moment.at
    from moment, unnest(${idsOf(targets)}::uuid[]) as stopped(id)
    where r.target_id = stopped.id and r.ended_at is null`)
}

function idsOf(targets: readonly Identified[]) {
  return sql.param(targets.map(({ id }) => id))
}
