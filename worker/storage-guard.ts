// Watches the room for data and stops storing results before the disk is full.
import { Gauge } from 'prom-client'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import type { Config } from '#lib/config.ts'
import { type Db, isDiskFull } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import {
  type Judgement,
  judge,
  type Room,
  roomWithin,
  StorageLevel,
  type StorageState,
} from '#lib/samples/storage-level.ts'
import { type Disk, readDatabaseBytes, tellJudgement } from '#lib/samples/storage-state.ts'
import { tryToWrite } from './disk.ts'
import { repeat } from './repeat.ts'
import type { Shards } from './shards.ts'

const EVERY_MS = 2_000
/** A database is measured file by file, so not as often as a disk is asked. */
const MEASURE_MS = 10_000
const TRY_MS = 5_000
const MB = 1024 * 1024

const freeBytes = new Gauge({
  name: 'echowall_disk_free_bytes',
  help: 'Free bytes of the disk that holds the database, where this worker can see it.',
  registers: [registry],
})
const levelGauge = new Gauge({
  name: 'echowall_storage_level',
  help: 'Room for data in the whole installation: 0 enough, 1 little, 2 results are not stored.',
  registers: [registry],
})

export type StorageGuard = {
  /** Results are not to be stored just now. */
  isHalted(): boolean
  /** PostgreSQL refused a write for want of room: nothing is stored until one on trial succeeds. */
  refused(): void
  close(): Promise<void>
}

export type StorageGuardOptions = {
  db: Db
  channels: ChannelLayer
  shards: Pick<Shards, 'backend'>
  limits: Pick<Config, 'DISK_RESERVE_MB' | 'DATABASE_LIMIT_MB'>
  /** Absent where nobody here can see the disk. */
  readDisk: (() => Promise<Disk>) | undefined
  /** Room begins to run out, and this worker says so: what may go should go at once. */
  onScarce: () => void
  log: Log
}

export function createStorageGuard(options: StorageGuardOptions): StorageGuard {
  const { db, channels, shards, limits, onScarce, log } = options
  let own: Judgement = { level: 'ok', cause: null }
  let installation: StorageState = { level: 'ok', cause: null, since: null }
  let isRefused = false
  let triedMs = Number.NEGATIVE_INFINITY
  let measured = { bytes: 0, atMs: Number.NEGATIVE_INFINITY }
  let isBlind = false
  const watch = repeat({ everyMs: EVERY_MS, work, log })

  return {
    isHalted: () => isRefused || own.level === 'full' || installation.level === 'full',
    refused() {
      isRefused = true
    },
    close: watch.close,
  }

  async function work(): Promise<void> {
    const backend = shards.backend()
    const disk = await readDisk()
    if (disk) freeBytes.set(disk.freeBytes)
    if (backend === undefined) return
    try {
      if (isRefused) await tryAgain()
      own = isRefused ? { level: 'full', cause: 'refused' } : judge(own.level, await rooms(disk))
      const { hasChanged, ...state } = await tellJudgement(
        { db, channels },
        { ...own, backend, disk },
      )
      see(state, hasChanged)
    } catch (error) {
      log.warn({ err: error }, 'the room for data could not be judged; next try in two seconds')
    }
  }

  function see(state: StorageState, isFirst: boolean): void {
    const before = installation.level
    installation = state
    levelGauge.set(StorageLevel.options.indexOf(state.level))
    if (state.level === before) return
    const { cause } = state
    if (state.level === 'full') log.error({ cause }, 'there is no room: results are not stored')
    if (state.level === 'low') log.warn({ cause }, 'little room is left for data')
    if (state.level === 'ok') log.info('there is room for data again')
    if (isFirst && before === 'ok') onScarce()
  }

  async function rooms(disk: Disk | undefined): Promise<Room[]> {
    const { DISK_RESERVE_MB: reserve, DATABASE_LIMIT_MB: limit } = limits
    const found: Room[] = []
    if (disk) found.push({ cause: 'disk', bytes: disk.freeBytes, reserveBytes: reserve * MB })
    if (limit !== undefined) found.push(roomWithin(limit * MB, await databaseBytes()))
    return found
  }

  async function databaseBytes(): Promise<number> {
    const nowMs = performance.now()
    if (nowMs - measured.atMs >= MEASURE_MS)
      measured = { bytes: await readDatabaseBytes(db), atMs: nowMs }
    return measured.bytes
  }

  async function tryAgain(): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - triedMs < TRY_MS) return
    triedMs = nowMs
    try {
      await tryToWrite(db)
      isRefused = false
    } catch (error) {
      if (!isDiskFull(error)) throw error
    }
  }

  // Said once, not every two seconds.
  async function readDisk(): Promise<Disk | undefined> {
    try {
      const disk = await options.readDisk?.()
      isBlind = false
      return disk
    } catch (error) {
      if (!isBlind) log.warn({ err: error }, "the database's disk cannot be seen from here")
      isBlind = true
      return undefined
    }
  }
}
