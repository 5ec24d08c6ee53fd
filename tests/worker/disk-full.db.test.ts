import { randomBytes } from 'node:crypto'
import { chown, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { systemClock as clock } from '#lib/clock.ts'
import { type Database, openDatabase } from '#lib/db/client.ts'
import { createDatabaseClock } from '#lib/db/database-clock.ts'
import { samples } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { readStorageState } from '#lib/samples/storage-state.ts'
import { readDiskOf } from '../../worker/disk.ts'
import { createOutages } from '../../worker/outages.ts'
import { createRecorder, type Recorder } from '../../worker/recorder.ts'
import { createShards, type Shards } from '../../worker/shards.ts'
import { createStorageGuard, type StorageGuard } from '../../worker/storage-guard.ts'
import { type MeasuredGroup, makeMeasuredGroup } from '../support/measured-group.ts'
import { startTestServer, TEMPLATE } from '../support/postgres.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'

const DISK_MB = 128
const RESERVE_MB = 32
const LIMIT_MS = 30_000
/** Together some twenty megabytes of rows: more than the disk has once it is filled. */
const PROBES = 20
const RESULTS_OF_EACH = 10_000

const log = createLog('silent')
const channels = createMemoryLayer({ log })

describe('a disk that fills up', () => {
  const name = `small_${randomBytes(8).toString('hex')}`
  let server: Awaited<ReturnType<typeof startTestServer>>
  let disk: SmallDisk | undefined
  let admin: Database
  let session: Database
  let shards: Shards
  let guard: StorageGuard
  let recorder: Recorder
  let group: MeasuredGroup

  // Its own: where a disk is full a server's checkpoints fail, and with them others' statements.
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server?.close())
  beforeEach(async (ctx) => {
    disk = await mountSmallDisk(DISK_MB)
    if (!disk) return ctx.skip('This needs the right to mount (root).')
    admin = openDatabase({ url: `${server.url}/postgres`, name: 'test', connections: 1 })
    await makeDatabaseOn(disk.folder)
    const url = `${server.url}/${name}`
    const onclose = () => shards.lost()
    session = openDatabase({ url, name: 'session', connections: 1, onclose })
    shards = createShards({ session: session.db, clock, log, onChange: () => {} })
    await shards.balance()
    const hosts = Array.from({ length: PROBES }, (_, i) => `127.7.0.${i + 1}`)
    group = await makeMeasuredGroup(session.db, hosts, new Date(Date.now() - 3_600_000))
  })
  afterEach(async () => {
    if (!disk) return
    await recorder.close()
    await guard.close()
    await session.close()
    await admin.sql`drop database ${admin.sql(name)} with (force)`
    await admin.sql`drop tablespace ${admin.sql(name)}`
    await admin.close()
    await disk.close()
  })

  // Its data alone: the server's own log of changes stays where there is room.
  async function makeDatabaseOn(folder: string): Promise<void> {
    const [row] = await admin.sql<{ folder: string }[]>`
      select current_setting('data_directory') as folder`
    const { uid, gid } = await stat(row?.folder ?? '')
    const place = join(folder, 'data')
    await mkdir(place)
    await chown(place, uid, gid)
    await admin.sql.unsafe(`create tablespace ${name} location '${place}'`)
    await admin.sql.unsafe(`create database ${name} template ${TEMPLATE} tablespace ${name}`)
  }

  function start(folder: string | undefined): void {
    guard = createStorageGuard({
      db: session.db,
      channels,
      shards,
      limits: { DISK_RESERVE_MB: RESERVE_MB, DATABASE_LIMIT_MB: undefined },
      readDisk: folder === undefined ? undefined : () => readDiskOf(folder),
      onScarce: () => {},
      log,
    })
    const databaseClock = createDatabaseClock(clock)
    const outages = createOutages({ onOpened: () => {} })
    const parts = { session: session.db, channels, shards, clock, databaseClock, outages, log }
    recorder = createRecorder({ ...parts, storage: guard })
  }

  /** So many results of each probe, a millisecond after the other, from now on. */
  function measure(count: number): void {
    const nowMs = clock.steadyMs()
    const outcome = { kind: 'reply', rttUs: 20_000 } as const
    const times = Array.from({ length: count }, (_, i) => nowMs + i)
    for (const { probeId } of group.targets)
      recorder.record(times.map((sentSteadyMs) => ({ probeId, sentSteadyMs, outcome })))
  }
  const countStored = () => session.db.$count(samples)
  const stateIs = (level: string, cause: string | null) =>
    until(async () => {
      const state = await readStorageState(session.db)
      return state.level === level && state.cause === cause
    }, LIMIT_MS)
  const sleepless = { timeout: 90_000 }

  it(
    'is never filled by results: they stop, and go on within seconds of there being room',
    sleepless,
    async () => {
      if (!disk) throw new Error('There is no disk.')
      start(disk.folder)
      measure(1)
      await until(async () => (await countStored()) === PROBES)
      await disk.fill(RESERVE_MB - 2)
      await stateIs('full', 'disk')
      measure(1)
      expect(guard.isHalted()).toBe(true)
      expect(await countStored()).toBe(PROBES)
      expect(await disk.freeMegabytes()).toBeGreaterThan(RESERVE_MB / 2)
      await disk.clear()
      await until(async () => (await countStored()) === 2 * PROBES, LIMIT_MS)
      await stateIs('ok', null)
    },
  )

  it(
    'loses nothing that PostgreSQL refused, nor the worker: all of it is stored once there is room',
    sleepless,
    async () => {
      if (!disk) throw new Error('There is no disk.')
      start(undefined)
      await disk.fill(4)
      measure(RESULTS_OF_EACH)
      await stateIs('full', 'refused')
      expect(await countStored()).toBeLessThan(PROBES * RESULTS_OF_EACH)
      const backend = shards.backend()
      await disk.clear()
      await until(async () => (await countStored()) === PROBES * RESULTS_OF_EACH, LIMIT_MS)
      await stateIs('ok', null)
      expect(shards.backend()).toBe(backend)
    },
  )
})
