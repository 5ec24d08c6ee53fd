// Tells the floor of a window: what the workers measured of themselves, the worst of them.
import { sql } from 'drizzle-orm'
import { requireUser } from '#lib/auth/access.ts'
import type { Ctx } from '#lib/auth/context.ts'
import type { Db } from '#lib/db/client.ts'
import type { Floor, FloorPoint, Window } from './contract.ts'
import { type Bounds, boundsOf, moment } from './window.ts'

const USUAL_MS = 3_600_000
/** A chart is not wider. */
const MOST_POINTS = 500
/** How long a reading is. */
const LEAST_STEP_SECONDS = 10

/** Times in microseconds; `i` counts steps from the window's start. */
type Row = Omit<FloorPoint, 'at' | 'median_ms' | 'max_ms' | 'lateness_ms'> & {
  i: number
  median_us: number | null
  max_us: number | null
  lateness_us: number
}

/** Beneath it no round trip is believed, whoever was pinged by whichever worker. Throws `invalid`. */
export async function showFloor(ctx: Ctx, window: Window): Promise<Floor> {
  requireUser(ctx)
  return await readFloor(ctx.db, await boundsOf(ctx.db, window, USUAL_MS))
}

/** The same of a window whose edges are known. */
export async function readFloor(db: Pick<Db, 'execute'>, bounds: Bounds): Promise<Floor> {
  const { from, to } = bounds
  const seconds = Math.ceil((to.getTime() - from.getTime()) / 1_000 / MOST_POINTS)
  const step = Math.max(LEAST_STEP_SECONDS, seconds)
  const rows = await readSteps(db, bounds, step)
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    step_seconds: step,
    points: rows.map((row) => toPoint(row, from.getTime() + row.i * step * 1_000)),
  }
}

// Leans on the primary key (at, worker). A reading belongs to the step in which it began, the one
// under way at the start to the first.
function readSteps(
  db: Pick<Db, 'execute'>,
  { from, to }: Bounds,
  stepSeconds: number,
): Promise<Row[]> {
  return db.execute<Row>(sql`
    select greatest(0, floor(extract(epoch from at - ${moment(from)}) / ${stepSeconds}))::int as i,
      max(median_us) as median_us, max(max_us) as max_us, max(lateness_us) as lateness_us,
      sum(sent)::float8 as sent, sum(received)::float8 as received, sum(echoes)::float8 as echoes,
      sum(overdue)::float8 as overdue, sum(unsent)::float8 as unsent,
      sum(receive_drops)::float8 as receive_drops
    from canary_readings
    where at > ${moment(from)} - interval '1 minute' and at < ${moment(to)}
      and ended_at > ${moment(from)}
    group by i order by i`)
}

function toPoint({ i: _, ...row }: Row, atMs: number): FloorPoint {
  const { median_us, max_us, lateness_us, ...counts } = row
  return {
    at: new Date(atMs).toISOString(),
    median_ms: median_us === null ? null : median_us / 1_000,
    max_ms: max_us === null ? null : max_us / 1_000,
    lateness_ms: lateness_us / 1_000,
    ...counts,
  }
}
