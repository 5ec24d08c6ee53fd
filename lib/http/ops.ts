// What operators ask: is it alive, is it ready, what are its figures.
import { sql } from 'drizzle-orm'
import { withinMs } from '#lib/channels/within.ts'
import { listWorkers } from '#lib/db/locks.ts'
import { migrationsAreApplied } from '#lib/db/migrate.ts'
import { registry } from '#lib/metrics.ts'
import type { StorageLevel } from '#lib/samples/storage-level.ts'
import { readStorageState } from '#lib/samples/storage-state.ts'
import type { House } from './house.ts'
import { renderMetrics } from './metrics.ts'

/** A frozen PostgreSQL refuses nothing and answers nothing. */
const CHECK_LIMIT_MS = 2_000

export type Ops = { status: number; contentType: string; body: string }

/** The answer for an operator's path, or undefined for any other path. */
export async function answerOps(
  here: House & { isListening(): boolean },
  path: string,
): Promise<Ops | undefined> {
  if (path === '/healthz') return json(200, { alive: true })
  if (path === '/metrics') {
    return { status: 200, contentType: registry.contentType, body: await renderMetrics(here) }
  }
  if (path !== '/readyz') return undefined
  const checks = await readiness(here)
  const ready = Object.values(checks).every(Boolean)
  // Without room for results it still shows all there is, and that it does not store them.
  const storage = checks.migrations ? await storageLevel(here) : 'unknown'
  return json(ready ? 200 : 503, { ready, checks, storage })
}

async function storageLevel({ db, log }: House): Promise<StorageLevel | 'unknown'> {
  try {
    return (await withinMs(CHECK_LIMIT_MS, readStorageState(db))).level
  } catch (error) {
    log.debug({ err: error }, 'the room for results could not be read')
    return 'unknown'
  }
}

async function readiness({ db, isListening, log }: House & { isListening(): boolean }) {
  const holds = async (check: () => Promise<boolean>) => {
    try {
      return await withinMs(CHECK_LIMIT_MS, check())
    } catch (error) {
      log.debug({ err: error }, 'a readiness check failed')
      return false
    }
  }
  const database = await holds(async () => (await db.execute(sql`select 1`)).length === 1)
  return {
    database,
    migrations: database && (await holds(() => migrationsAreApplied(db))),
    listen: isListening(),
    worker: database && (await holds(async () => (await listWorkers(db)).length > 0)),
  }
}

function json(status: number, value: unknown): Ops {
  return { status, contentType: 'application/json', body: JSON.stringify(value) }
}
