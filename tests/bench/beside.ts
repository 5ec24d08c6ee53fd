// The same windows asked of plain rows and of round-robin files, beside what we took.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { tableOf } from '../support/printed-page.ts'
import { openFiles, readPast } from './asked-files.ts'
import type { Contender, Window } from './contenders.ts'
import { createLeavings, type Leavings } from './leavings.ts'
import { type LongStore, PARTS, TARGETS } from './long-store.ts'
import { openPlainRows } from './plain-rows.ts'
import { DEBIANS, EVERY_SECOND } from './round-robin.ts'
import { openRrdtool } from './rrdtool.ts'

/** What we were asked, and how long it took. */
export type AskedWindow = { subject: string; took: string; window: Window }

const FILES = [EVERY_SECOND, DEBIANS]
const LEFT_OUT = [
  'Round-robin files tell no jitter, no outage, no coverage and no number of echoes, and percentiles of averages;',
  'that of SmokePing has 20 echoes of each 300. Plain rows tell no outage and no coverage.',
]

/** A table of these windows, and what it leaves out. */
export async function measureBeside(store: LongStore, asked: AskedWindow[]): Promise<string[]> {
  const leavings = createLeavings()
  try {
    const others = [await openPlain(store), ...(await openAllFiles(store, leavings))]
    const rows: string[][] = []
    for (const { subject, took, window } of asked) {
      const cells: string[] = []
      for (const other of others) cells.push(await other.ask(window))
      rows.push([subject, took, ...cells])
    }
    const bytes = [await bytesOfBlocks(store.ctx.db), ...others.map((other) => other.bytesAnEcho)]
    const kept = bytes.map((figure) => (figure === undefined ? '—' : `${figure.toFixed(1)} bytes`))
    return [
      ...tableOf(
        ['The same window, median', 'Echowall', ...others.map(({ name }) => name)],
        [...rows, ['an echo that is kept by itself', ...kept]],
      ),
      '',
      ...LEFT_OUT,
    ]
  } finally {
    await leavings.close()
  }
}

function openPlain(store: LongStore): Promise<Contender> {
  const [group] = store.groups.twentieths
  if (!group) throw new Error('There is no group of a twentieth.')
  return openPlainRows(store, group)
}

async function openAllFiles(store: LongStore, leavings: Leavings): Promise<Contender[]> {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-rrd-'))
  leavings.add(() => rm(folder, { recursive: true, force: true }))
  const rrdtool = await openRrdtool(folder)
  if (!rrdtool) return FILES.map(({ title }) => missing(title))
  leavings.add(rrdtool.close)
  const past = await readPast(store)
  const contenders: Contender[] = []
  for (const file of FILES) {
    const filling = { past, count: TARGETS / PARTS.quarters }
    contenders.push(await openFiles({ rrdtool, folder }, file, filling))
  }
  return contenders
}

function missing(name: string): Contender {
  return { name, bytesAnEcho: undefined, ask: async () => 'not measured: rrdtool is missing' }
}

async function bytesOfBlocks(db: Db): Promise<number | undefined> {
  const [row] = await db.execute<{ bytes: number }>(sql`
    select pg_total_relation_size('sample_blocks') / sum(cardinality(rtt_us))::float8 as bytes
    from sample_blocks`)
  return row?.bytes
}
