// A database, a layer and people for the tests of verbs.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll } from 'vitest'
import type { Ctx } from '#lib/auth/context.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Config } from '#lib/config.ts'
import type { Db } from '#lib/db/client.ts'
import { auditEvents, targetRuns, targets } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import { createGroup } from '#lib/groups/write.ts'
import { createLog } from '#lib/log.ts'
import { readTargets } from '#lib/targets/read.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { makeContext, makeUser, type TestUser } from './factories.ts'

/** Opens before the tests of a file and closes after them. */
export function createSetting() {
  const channels = createMemoryLayer({ log: createLog('silent') })
  let database: TestDatabase | undefined
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(async () => {
    await channels.close()
    await database?.close()
  })

  return { channels, db, contextOf, person, groupOf, hostsOf, actionsOn, openRunsOf }

  function db(): Db {
    if (!database) throw new Error('The database is open only while tests run.')
    return database.db
  }

  /** A context of the user, with some settings changed. */
  function contextOf(user: TestUser, config: Partial<Config> = {}): Ctx {
    return makeContext({ db: db(), channels, user, config })
  }

  async function person(config?: Partial<Config>): Promise<{ user: TestUser; ctx: Ctx }> {
    const user = await makeUser(db())
    return { user, ctx: contextOf(user, config) }
  }

  /** A new person's group of these hosts; `at` gives the path of its targets, from 0. */
  async function groupOf(hosts?: string) {
    const { user, ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'A group', ...(hosts && { hosts }) })
    const at = (i: number) => ({ groupId: group.id, targetId: group.added[i]?.id ?? '' })
    return { user, ctx, groupId: group.id, at, added: group.added }
  }

  /** The group's hosts in the order of the wall. */
  async function hostsOf(groupId: string): Promise<string[]> {
    return (await readTargets(db(), groupId)).map(({ host }) => host)
  }

  /** What the audit trail says of a subject, the oldest first. */
  async function actionsOn(subjectId: string): Promise<string[]> {
    const isSubject = eq(auditEvents.subjectId, subjectId)
    const rows = await db().select().from(auditEvents).where(isSubject).orderBy(auditEvents.id)
    return rows.map(({ action }) => action)
  }

  /** The hosts of the group that are to be pinged now. */
  async function openRunsOf(groupId: string): Promise<string[]> {
    const rows = await db()
      .select({ host: targets.host, endedAt: targetRuns.endedAt })
      .from(targetRuns)
      .innerJoin(targets, eq(targets.id, targetRuns.targetId))
      .where(eq(targets.groupId, groupId))
    return rows.flatMap(({ host, endedAt }) => (endedAt ? [] : [host])).sort()
  }
}

/** The error a verb threw; fails where it threw none, or another. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  try {
    await work
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It did not fail.')
}
