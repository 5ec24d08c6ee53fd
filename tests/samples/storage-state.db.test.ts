import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Message } from '#lib/channels/message.ts'
import { STORAGE } from '#lib/channels/names.ts'
import { auditEvents } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { type Disk, readDisk, readStorageState, tellJudgement } from '#lib/samples/storage-state.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { hearGroup } from '../support/heard.ts'
import { createLivingWorkers, type LivingWorkers } from '../support/living-workers.ts'

const GB = 2 ** 30
const OK = { level: 'ok', cause: null, disk: undefined } as const
const FULL = { level: 'full', cause: 'disk', disk: undefined } as const

describe('what workers tell of the room for data', () => {
  let database: TestDatabase
  let heard: Message[]
  let workers: LivingWorkers
  const channels = createMemoryLayer({ log: createLog('silent') })
  beforeEach(async () => {
    database = await createTestDatabase()
    workers = createLivingWorkers(database.url)
    heard = await hearGroup(channels, STORAGE)
  })
  afterEach(async () => {
    await channels.flush()
    await workers.close()
    await database.close()
  })

  const tell = (told: Parameters<typeof tellJudgement>[1]) =>
    tellJudgement({ db: database.db, channels }, told)
  const state = () => readStorageState(database.db)
  const audited = async () =>
    (await database.db.select().from(auditEvents)).map(({ action, facts }) => ({
      action,
      ...facts,
    }))
  async function writes(): Promise<number> {
    await database.sql`select pg_stat_force_next_flush()`
    const [row] = await database.sql<{ n: number }[]>`
      select (n_tup_ins + n_tup_upd)::int as n from pg_stat_user_tables
      where relname = 'storage_judgements'`
    return row?.n ?? 0
  }

  it('stands in the audit trail and is announced when it changes how things stand', async () => {
    const backend = await workers.enter()
    expect((await tell({ ...OK, backend })).hasChanged).toBe(false)
    expect(await state()).toEqual({ level: 'ok', cause: null, since: null })
    expect((await tell({ ...FULL, backend })).hasChanged).toBe(true)
    const { since, ...full } = await state()
    expect(full).toEqual({ level: 'full', cause: 'disk' })
    expect((await tell({ ...OK, backend })).hasChanged).toBe(true)
    const change = { action: 'storage.changed', by: 'worker' }
    expect(await audited()).toEqual([
      { ...change, from: 'ok', since: null, to: 'full', cause: 'disk' },
      { ...change, from: 'full', since, to: 'ok', cause: null },
    ])
    await channels.flush()
    expect(heard).toEqual([{ type: 'storage.changed' }, { type: 'storage.changed' }])
  })

  it('is the worst that any of them says, and said once', async () => {
    const [one, two] = [await workers.enter(), await workers.enter()]
    await tell({ ...FULL, backend: one })
    const { since } = await state()
    expect((await tell({ ...FULL, backend: two })).hasChanged).toBe(false)
    expect((await tell({ ...OK, backend: one })).hasChanged).toBe(false)
    expect((await state()).level).toBe('full')
    expect((await tell({ ...OK, backend: two })).hasChanged).toBe(true)
    expect((await state()).level).toBe('ok')
    expect(since).toBeTruthy()
    expect(await audited()).toHaveLength(2)
  })

  it('holds no longer than the worker who said it lives', async () => {
    const gone = await workers.enter()
    await tell({ ...FULL, backend: gone })
    await workers.leave()
    const backend = await workers.enter()
    expect(await tell({ ...OK, backend })).toMatchObject({ level: 'ok', hasChanged: true })
  })

  it('goes on without a break where a new worker says the same', async () => {
    const gone = await workers.enter()
    await tell({ ...FULL, backend: gone })
    await workers.leave()
    const backend = await workers.enter()
    expect(await tell({ ...FULL, backend })).toMatchObject({ level: 'full', hasChanged: false })
    expect(await audited()).toHaveLength(1)
  })

  it('is written only where it has changed: an idle system writes nothing', async () => {
    const backend = await workers.enter()
    const disk = (freeBytes: number): Disk => ({ freeBytes, diskBytes: 100 * GB })
    await tell({ ...OK, backend, disk: disk(32 * GB) })
    expect(await readDisk(database.db)).toEqual(disk(32 * GB))
    const before = await writes()
    for (const freeBytes of [32 * GB, 31.5 * GB, 32.5 * GB])
      await tell({ ...OK, backend, disk: disk(freeBytes) })
    expect(await writes()).toBe(before)
    await tell({ ...OK, backend, disk: disk(30 * GB) })
    expect(await readDisk(database.db)).toEqual(disk(30 * GB))
  })
})
