// One worker on a PostgreSQL of its own, pinging many addresses: started, asked, ended.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Ctx } from '#lib/auth/context.ts'
import { openChannelLayer } from '#lib/channels/open-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { migrate } from '#lib/db/migrate.ts'
import { createGroup, stopGroup } from '#lib/groups/write.ts'
import { startPostgres } from '#lib/launch/embedded-postgres.ts'
import { freePort } from '#lib/launch/ports.ts'
import type { ReadyMessage } from '#lib/launcher.ts'
import { createLog } from '#lib/log.ts'
import { keepHotHours } from '#lib/samples/hot-hours.ts'
import { makeContext, makeUser } from '../support/factories.ts'
import { until } from '../support/until.ts'
import { type Child, startChild } from './children.ts'
import { createLeavings, type Leavings } from './leavings.ts'
import { sharedNames } from './shared-names.ts'

/** PostgreSQL with the settings that `npm start` gives it, and an empty installation in it. */
export type Installation = {
  url: string
  /** Of its first process: the others are its children. */
  pid: number
  sql: postgres.Sql
  ctx: Ctx
  close(): Promise<void>
}

export type LoneWorker = {
  pid: number
  /** What was announced so far, counted by a listener to everything. */
  notifies(): number
  /** Stops the pings, waits for the last results, ends the worker. */
  end(): Promise<void>
}

/** A group of this size is told of a quarter second of its results in one NOTIFY. */
const TARGETS_A_GROUP = 1_000
const READY_MS = 60_000
/** The timeout of an echo, and the next flush. */
const LAST_RESULTS_MS = 2_500

/** Leaves nothing behind once it is closed, or interrupted. */
export async function openInstallation(): Promise<Installation> {
  const leavings = createLeavings()
  try {
    return { ...(await open(leavings)), close: leavings.close }
  } catch (error) {
    await leavings.close()
    throw error
  }
}

async function open(leavings: Leavings): Promise<Omit<Installation, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-bench-'))
  leavings.add(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort('127.0.0.1')
  const data = join(folder, 'postgres')
  const starting = startPostgres({ folder: data, port, password: 'bench' })
  leavings.add(() => starting.then((one) => one.close()))
  const server = await starting
  const url = `${server.url}/postgres`
  const log = createLog('silent')
  await migrate(url, log)
  const { db, sql, close } = openDatabase({ url, name: 'echowall-bench', connections: 2 })
  leavings.add(close)
  await keepHotHours(db, new Date())
  const channels = openChannelLayer({
    config: { DATABASE_URL: url, CHANNEL_LAYER: 'database' },
    db,
    log,
  })
  leavings.add(channels.close)
  const ctx = makeContext({ db, channels, user: await makeUser(db) })
  const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
  return { url, pid: Number(pid), sql, ctx }
}

/** Resolves when every one of these addresses has its first result. */
export async function startLoneWorker(
  { url, sql, ctx }: Installation,
  addresses: string[],
): Promise<LoneWorker> {
  const groupIds: string[] = []
  for (let at = 0; at < addresses.length; at += TARGETS_A_GROUP) {
    const hosts = addresses.slice(at, at + TARGETS_A_GROUP).join('\n')
    groupIds.push((await createGroup(ctx, { name: `from ${at}`, hosts })).group.id)
  }
  let heard = 0
  const listening = openDatabase({ url, name: 'echowall-bench-listen', connections: 1 })
  const count = () => {
    heard += 1
  }
  for (const name of sharedNames()) await listening.sql.listen(name, count)
  const worker = await startWorker(url)
  await until(async () => (await countMeasured(sql)) >= addresses.length, READY_MS)
  return {
    pid: worker.pid,
    notifies: () => heard,
    async end() {
      for (const groupId of groupIds) await stopGroup(ctx, { groupId })
      await pause(LAST_RESULTS_MS)
      await worker.end()
      await listening.close()
    },
  }
}

async function startWorker(url: string): Promise<Child> {
  const settings = { DATABASE_URL: url, BASE_URL: '', LOG_LEVEL: 'warn' }
  const worker = startChild('../../worker/main.ts', [], settings)
  const { prober } = await worker.ask<ReadyMessage>()
  if (prober !== 'icmp') throw new Error(`This machine pings by ${prober}: nothing is measured.`)
  return worker
}

async function countMeasured(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from target_runs r where r.ended_at is null
      and exists (select from samples s where s.probe_id = r.probe_id and s.at >= r.started_at)`
  return row?.count ?? 0
}
