// Whether an idle system keeps quiet for a minute: no NOTIFY and no WAL of ours.
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { openReader } from '../support/live-reader.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { tableOf } from '../support/printed-page.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'
import { sized } from './command-line.ts'
import { tableOfGoals } from './goal.ts'
import { sharedNames } from './shared-names.ts'

const WATCH_MS = sized(60_000, 10_000)
/** A worker reads its canary once in ten seconds, and as often tells its figures. */
const LAST_WORDS_MS = 22_000
const HOSTS = Array.from({ length: 50 }, (_, i) => `127.1.0.${i + 1}`)

type Place = { lsn: string; xid: string }
type WalRecords = { kind: string; records: number; bytes: number; is_server_own: boolean }

/** The lines of the part: what was heard and written, and by whom. */
export async function measureIdle(): Promise<string[]> {
  const program = await startProgram()
  const sql = postgres(await program.databaseUrl(), { max: 1, onnotice: () => {} })
  let close = () => {}
  try {
    const person = await signIn(program.url)
    close = await openPage(program, person)
    await quietServer(sql)
    let heard = 0
    const count = () => {
      heard += 1
    }
    for (const name of sharedNames()) await sql.listen(name, count)
    const before = await placeOf(sql)
    await pause(WATCH_MS)
    const after = await placeOf(sql)
    const records = await recordsBetween(sql, before, after)
    const transactions = Number(after.xid) - Number(before.xid)
    return linesOf(heard, transactions, records)
  } finally {
    close()
    await sql.end()
    await program.stop()
  }
}

/** Somebody watches a group whose addresses answered and were stopped. */
async function openPage(program: Program, person: Person): Promise<() => void> {
  const group = await makeGroup(person, HOSTS)
  const reader = await openReader('websocket', program.url, person)
  await reader.send({ type: 'follow', topic: `group:${group.id}` })
  await until(() => reader.frames.filter(({ type }) => type === 'event').length > 8, 30_000)
  await person.post(`/api/groups/${group.id}/stop`)
  return () => reader.close()
}

/** Waits until the server has ended what it does by itself, and autovacuum begins nothing. */
async function quietServer(sql: postgres.Sql): Promise<void> {
  await sql`create extension pg_walinspect`
  await sql`alter system set autovacuum = off`
  await sql`select pg_reload_conf()`
  await pause(LAST_WORDS_MS)
  await sql`checkpoint`
  // Who first reads a page after a checkpoint notes on it which transactions are over, and the
  // server writes the page to the WAL for that: whatever is read now and then is read once here.
  await pause(WATCH_MS)
}

// Whatever writes takes a transaction id, and so does a NOTIFY on any channel (PostgreSQL's
// PreCommit_Notify), which is how those to one process alone are counted.
async function placeOf(sql: postgres.Sql): Promise<Place> {
  const [place] = await sql<Place[]>`
    select pg_current_wal_insert_lsn()::text as lsn,
      pg_snapshot_xmax(pg_current_snapshot())::text as xid`
  if (!place) throw new Error('PostgreSQL did not say where it is.')
  return place
}

// Checkpoints and running transactions are the server's own; both come without a transaction id.
async function recordsBetween(
  sql: postgres.Sql,
  before: Place,
  after: Place,
): Promise<WalRecords[]> {
  if (before.lsn === after.lsn) return []
  return await sql<WalRecords[]>`
    select resource_manager || ' ' || record_type as kind, count(*)::int as records,
      sum(record_length)::int as bytes,
      bool_and(resource_manager in ('XLOG', 'Standby') and xid = '0') as is_server_own
    from pg_get_wal_records_info(${before.lsn}::pg_lsn, ${after.lsn}::pg_lsn)
    group by 1 order by 1`
}

function linesOf(heard: number, transactions: number, records: WalRecords[]): string[] {
  const during = `in ${WATCH_MS / 1_000} s`
  const ours = records.filter((record) => !record.is_server_own)
  const rows = records.map(({ kind, records, bytes, is_server_own }) => [
    kind,
    is_server_own ? 'the server' : '**us**',
    String(records),
    String(bytes),
  ])
  const goal = (subject: string, figure: number) => ({
    subject: `${subject} ${during}`,
    measured: [figure],
    limit: 0,
    unit: '',
  })
  return [
    ...(rows.length > 0 ? tableOf(['WAL record', 'Written by', 'Records', 'Bytes'], rows) : []),
    ...(rows.length > 0 ? [''] : []),
    ...tableOfGoals([
      goal('NOTIFY heard on the names that processes share,', heard),
      goal('transactions that wrote or notified anything,', transactions),
      goal(
        'bytes of WAL but for the server’s own,',
        ours.reduce((sum, { bytes }) => sum + bytes, 0),
      ),
    ]),
  ]
}
