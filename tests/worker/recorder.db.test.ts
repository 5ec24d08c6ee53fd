import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Message } from '#lib/channels/message.ts'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { systemClock as clock } from '#lib/clock.ts'
import { type Database, openDatabase } from '#lib/db/client.ts'
import { createDatabaseClock } from '#lib/db/database-clock.ts'
import { samples } from '#lib/db/schema.ts'
import { GroupMessages } from '#lib/live/messages.ts'
import { createLog } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { createOutages } from '../../worker/outages.ts'
import { createRecorder, type Recorder } from '../../worker/recorder.ts'
import { createShards, type Shards } from '../../worker/shards.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type MeasuredGroup, makeMeasuredGroup } from '../support/measured-group.ts'
import { until } from '../support/until.ts'

const MOST = 1_000_000

describe('the recorder', () => {
  let database: TestDatabase
  let session: Database
  let shards: Shards
  let recorder: Recorder
  let group: MeasuredGroup
  let heard: Message[]
  let room: { isHalted: boolean; asked: number; refusals: number }
  const log = createLog('silent')
  const channels = createMemoryLayer({ log })

  beforeEach(async () => {
    database = await createTestDatabase()
    const onclose = () => shards.lost()
    session = openDatabase({ url: database.url, name: 'session', connections: 1, onclose })
    shards = createShards({ session: session.db, clock, log, onChange: () => {} })
    await shards.balance()
    room = { isHalted: false, asked: 0, refusals: 0 }
    const storage = {
      isHalted() {
        room.asked += 1
        return room.isHalted
      },
      refused() {
        room.refusals += 1
      },
    }
    const databaseClock = createDatabaseClock(clock)
    const outages = createOutages({ onOpened: () => {} })
    const parts = { session: session.db, channels, shards, clock, databaseClock, outages, log }
    recorder = createRecorder({ ...parts, storage })
    group = await makeMeasuredGroup(database.db, ['127.0.0.1'], new Date(Date.now() - 60_000))
    heard = []
    const channel = channels.newChannel('test')
    await channels.receive(channel, (message) => void heard.push(message))
    await channels.groupAdd(groupOfWatchers(group.id), channel)
  })
  afterEach(async () => {
    await recorder.close()
    await channels.flush()
    await session.close()
    await database.close()
  })

  const probeId = () => group.targets[0]?.probeId ?? 0
  const reply = (rttUs: number) => ({
    probeId: probeId(),
    sentSteadyMs: clock.steadyMs(),
    outcome: { kind: 'reply', rttUs } as const,
  })
  const storedRows = () =>
    database.db.select().from(samples).where(eq(samples.probeId, probeId())).orderBy(samples.at)
  const forgone = async () => {
    const metric = await registry.getSingleMetric('echowall_samples_forgone_total')?.get()
    return metric?.values[0]?.value ?? Number.NaN
  }
  const announced = () =>
    heard.flatMap((message) => GroupMessages['samples.arrived'].parse(message).samples.v)

  it('stores what it is given and announces the same', async () => {
    const sentMs = Date.now()
    recorder.record([reply(83)])
    await until(() => heard.length === 1)
    const [row] = await storedRows()
    expect(row?.rttUs).toBe(83)
    expect(Math.abs((row?.at.getTime() ?? 0) - sentMs)).toBeLessThan(1_000)
    expect(announced()).toEqual([83])
  })

  it('writes each outcome as its code', async () => {
    const { sentSteadyMs } = reply(0)
    const outcomes = [
      { kind: 'reply', rttUs: 12.6 },
      { kind: 'lost' },
      { kind: 'unreachable', from: '127.0.0.1', code: 1 },
      { kind: 'ttl-exceeded', from: '127.0.0.1' },
      { kind: 'no-such-name' },
    ] as const
    recorder.record(
      outcomes.map((outcome, i) => ({
        probeId: probeId(),
        sentSteadyMs: sentSteadyMs + i,
        outcome,
      })),
    )
    await until(() => heard.length === 1)
    expect((await storedRows()).map((row) => row.rttUs)).toEqual([13, -1, -2, -3, -4])
  })

  it('stores nothing of a shard it does not hold', async () => {
    await shards.release()
    recorder.record([reply(1)])
    await recorder.close()
    expect(await storedRows()).toEqual([])
    expect(heard).toEqual([])
  })

  it('keeps results while its session is gone, and stores them once it holds the shards again', async () => {
    await database.sql`select pg_terminate_backend(${shards.backend() ?? 0})`
    await until(() => shards.backend() === undefined)
    recorder.record([reply(7)])
    expect(await storedRows()).toEqual([])
    await shards.balance()
    await until(() => heard.length === 1)
    expect(announced()).toEqual([7])
    expect(await storedRows()).toHaveLength(1)
  })

  it('forgoes what waited for more than a minute: that is not measured', async () => {
    const before = await forgone()
    const old = { ...reply(1), sentSteadyMs: clock.steadyMs() - 60_001 }
    recorder.record([old, old, reply(2)])
    await until(() => heard.length === 1)
    expect(announced()).toEqual([2])
    expect((await forgone()) - before).toBe(2)
  })

  it('keeps a million results at most while its session is gone', async () => {
    const before = await forgone()
    await shards.release()
    recorder.record(new Array(MOST + 3).fill(reply(1)))
    expect((await forgone()) - before).toBe(3)
    recorder.record([reply(2)])
    expect((await forgone()) - before).toBe(4)
  })

  it('keeps results while there is no room for them, and stores them once there is', async () => {
    room.isHalted = true
    recorder.record([reply(7)])
    await until(() => room.asked >= 3)
    expect(await storedRows()).toEqual([])
    room.isHalted = false
    await until(() => heard.length === 1)
    expect(announced()).toEqual([7])
  })

  it('loses nothing when PostgreSQL has no room: it says so, and stores it later', async () => {
    await database.sql.unsafe(`
      create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
      create trigger refuse before insert on flushes execute function refuse()`)
    const before = await forgone()
    recorder.record([reply(1), { ...reply(2), sentSteadyMs: clock.steadyMs() + 1 }])
    await until(() => room.refusals >= 3)
    expect(heard).toEqual([])
    await database.sql`drop trigger refuse on flushes`
    await until(() => heard.length === 1)
    expect(announced()).toEqual([1, 2])
    expect((await storedRows()).map((row) => row.rttUs)).toEqual([1, 2])
    expect(await forgone()).toBe(before)
  })

  it('leaves out a row that cannot be stored and keeps the others', async () => {
    const bad = reply(2 ** 31)
    recorder.record([reply(1), bad, { ...reply(3), sentSteadyMs: clock.steadyMs() + 1 }])
    await until(() => announced().length === 2, 10_000)
    expect((await storedRows()).map((row) => row.rttUs)).toEqual([1, 3])
  })
})
