import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { registry } from '#lib/metrics.ts'
import { type Disk, readStorageState } from '#lib/samples/storage-state.ts'
import { createStorageGuard, type StorageGuard } from '../../worker/storage-guard.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createLivingWorkers, type LivingWorkers } from '../support/living-workers.ts'
import { createRecordedLog, ERROR, WARN } from '../support/recorded-log.ts'
import { until } from '../support/until.ts'

const MB = 2 ** 20
const LIMIT_MS = 20_000

describe('the guard of the room for data', () => {
  let database: TestDatabase
  let disk: Disk | Error
  let workers: LivingWorkers
  let scarce: number
  let lines: ReturnType<typeof createRecordedLog>['lines']
  const guards: StorageGuard[] = []
  beforeEach(async () => {
    database = await createTestDatabase()
    workers = createLivingWorkers(database.url)
    scarce = 0
    disk = free(1_000)
  })
  afterEach(async () => {
    for (const guard of guards.splice(0)) await guard.close()
    await workers.close()
    await database.close()
  })

  const free = (megabytes: number): Disk => ({ freeBytes: megabytes * MB, diskBytes: 2_000 * MB })
  const levelIs = (level: string) =>
    until(async () => (await readStorageState(database.db)).level === level, LIMIT_MS)
  const told = (level: number | undefined) => lines.filter((line) => line.level === level)
  async function metric(name: string): Promise<number | undefined> {
    return (await registry.getSingleMetric(name)?.get())?.values[0]?.value
  }

  type Given = { DATABASE_LIMIT_MB?: number; isBlind?: boolean }
  async function start(given: Given = {}): Promise<StorageGuard> {
    const backend = await workers.enter()
    const recorded = createRecordedLog()
    lines = recorded.lines
    const guard = createStorageGuard({
      db: database.db,
      channels: createMemoryLayer({ log: recorded.log }),
      shards: { backend: () => backend },
      limits: { DISK_RESERVE_MB: 100, DATABASE_LIMIT_MB: given.DATABASE_LIMIT_MB },
      readDisk: given.isBlind ? undefined : readDisk,
      onScarce() {
        scarce += 1
      },
      log: recorded.log,
    })
    guards.push(guard)
    return guard
  }

  async function readDisk(): Promise<Disk> {
    if (disk instanceof Error) throw disk
    return disk
  }

  it('warns, stops the storing, and lets it go on, each with a word to operators', async () => {
    const guard = await start()
    await until(async () => (await metric('echowall_disk_free_bytes')) === 1_000 * MB)
    expect(guard.isHalted()).toBe(false)
    disk = free(150)
    await levelIs('low')
    await until(() => scarce === 1)
    expect(guard.isHalted()).toBe(false)
    disk = free(50)
    await until(guard.isHalted, LIMIT_MS)
    await levelIs('full')
    await until(async () => (await metric('echowall_storage_level')) === 2)
    disk = free(1_000)
    await until(() => !guard.isHalted(), LIMIT_MS)
    await levelIs('ok')
    expect(told(WARN)).toHaveLength(1)
    expect(told(ERROR).map(({ msg, cause }) => [msg, cause])).toEqual([
      ['there is no room: results are not stored', 'disk'],
    ])
  }, 60_000)

  it('stops the storing in every worker, whoever of them sees the disk', async () => {
    const blind = await start({ isBlind: true })
    const seeing = await start()
    disk = free(50)
    await until(seeing.isHalted, LIMIT_MS)
    await until(blind.isHalted, LIMIT_MS)
  }, 60_000)

  it('stops the storing where the database is as large as it may be', async () => {
    const guard = await start({ DATABASE_LIMIT_MB: 1, isBlind: true })
    await until(guard.isHalted, LIMIT_MS)
    await levelIs('full')
    expect(await readStorageState(database.db)).toMatchObject({ level: 'full', cause: 'limit' })
  }, 60_000)

  it('goes by trial where PostgreSQL has refused a write', async () => {
    const guard = await start({ isBlind: true })
    guard.refused()
    expect(guard.isHalted()).toBe(true)
    await until(() => !guard.isHalted(), LIMIT_MS)
    const left = await database.sql`select from pg_class where relname = 'storage_trial'`
    expect(left).toHaveLength(0)
  }, 60_000)

  it('says once that the disk cannot be seen, and goes on', async () => {
    disk = new Error('no such folder')
    const guard = await start({ DATABASE_LIMIT_MB: 1 })
    await until(guard.isHalted, LIMIT_MS)
    await until(() => told(WARN).length === 1)
    disk = free(1_000)
    await until(async () => (await metric('echowall_disk_free_bytes')) === 1_000 * MB, LIMIT_MS)
    expect(told(WARN)).toHaveLength(1)
  }, 60_000)
})
