// An installation of many targets with a day of echoes, weeks of minutes, a year of hours.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { type Db, openDatabase } from '#lib/db/client.ts'
import { createGroup } from '#lib/groups/write.ts'
import { HOUR_MS } from '#lib/samples/hot-hours.ts'
import { sumDays } from '#lib/samples/sum-days.ts'
import { manyHosts } from '../support/long-list.ts'
import { sized } from './command-line.ts'
import { copyPast, DAY_MS } from './copied-past.ts'
import { openInstallation } from './lone-worker.ts'
import { makeModels } from './modelled-past.ts'

export const TARGETS = sized(1_000, 40)
export const MINUTE_DAYS = sized(30, 2)
export const HOUR_DAYS = sized(365, 7)
const MODELS = sized(10, 2)
/** All targets in one group, in four, in twenty. */
export const PARTS = { all: 1, quarters: 4, twentieths: 20 } as const

export type StoredGroup = { id: string; targetIds: string[] }

export type LongStore = {
  ctx: Ctx
  groups: Record<keyof typeof PARTS, StoredGroup[]>
  /** When the last echo left. */
  until: Date
  /** Long windows end at half past an hour, as they do on average: until then there is no summary. */
  end: Date
  close(): Promise<void>
}

/** Leaves nothing behind once it is closed, or interrupted. */
export async function makeLongStore(): Promise<LongStore> {
  const { url, ctx, close } = await openInstallation()
  try {
    const until = new Date()
    const end = new Date(Math.floor(until.getTime() / HOUR_MS - 0.5) * HOUR_MS + HOUR_MS / 2)
    const dayBefore = end.getTime() - DAY_MS
    const firstDay = new Date(Math.floor(dayBefore / DAY_MS) * DAY_MS)
    const groups = {
      all: await makeGroups(ctx, PARTS.all),
      quarters: await makeGroups(ctx, PARTS.quarters),
      twentieths: await makeGroups(ctx, PARTS.twentieths),
    }
    await beginBefore(ctx.db, new Date(firstDay.getTime() - HOUR_DAYS * DAY_MS))
    await makeModels(ctx.db, { count: MODELS, from: firstDay, until })
    await copyPast(ctx.db, {
      models: MODELS,
      probes: TARGETS,
      firstDay,
      rawSince: new Date(Math.floor(dayBefore / HOUR_MS) * HOUR_MS),
      minuteDays: MINUTE_DAYS,
      hourDays: HOUR_DAYS,
    })
    for await (const _ of sumDays(ctx.db, until, new Date(0)));
    await settle(ctx.db, until)
    // As the web process has it.
    const database = openDatabase({ url, name: 'echowall-bench-web' })
    const config = { ...ctx.config, RAW_RETENTION_DAYS: 2, MINUTE_RETENTION_DAYS: MINUTE_DAYS }
    return {
      ctx: { ...ctx, db: database.db, config },
      groups,
      until,
      end,
      async close() {
        await database.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

// The first of them makes all probes, which are numbered from 1.
async function makeGroups(ctx: Ctx, parts: number): Promise<StoredGroup[]> {
  const each = TARGETS / parts
  const groups: StoredGroup[] = []
  for (let part = 0; part < parts; part += 1) {
    const hosts = manyHosts(10, TARGETS)
      .slice(part * each, (part + 1) * each)
      .join('\n')
    const { group } = await createGroup(ctx, { name: `part ${part + 1} of ${parts}`, hosts })
    groups.push({ id: group.id, targetIds: group.added.map(({ id }) => id) })
  }
  return groups
}

async function beginBefore(db: Db, start: Date): Promise<void> {
  const at = start.toISOString()
  await db.execute(sql`update target_runs set started_at = ${at}`)
  await db.execute(sql`update targets set added_at = ${at}`)
  await db.execute(sql`update groups set created_at = ${at}`)
}

// What the last hour's flushes, autovacuum and checkpoints would have done by then.
async function settle(db: Db, until: Date): Promise<void> {
  await db.execute(sql`
    insert into flushes (stored_at, first_at, last_at)
    select at, at - interval '1 s', at
    from generate_series(${until.toISOString()}::timestamptz - interval '1 hour',
      ${until.toISOString()}::timestamptz, interval '250 ms') at`)
  await db.execute(sql`vacuum (analyze)`)
  await db.execute(sql`checkpoint`)
}
