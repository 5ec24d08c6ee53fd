// Round-robin files as SmokePing keeps them, and one of the levels of our history.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLeavings } from './leavings.ts'
import { openRrdtool, type Rrdtool } from './rrdtool.ts'

export type RoundRobinFile = {
  name: string
  /** The head of a column. */
  title: string
  stepSeconds: number
  /** Echoes of which a step keeps the round trips. */
  pings: number
  sources: string[]
  archives: string[]
}

const PINGS = 20
const BUNDLES = {
  title: 'SmokePing’s file',
  stepSeconds: 300,
  pings: PINGS,
  sources: ['uptime', 'loss', 'median', ...Array.from({ length: PINGS }, (_, i) => `ping${i + 1}`)],
}

/** As SmokePing's etc/config.dist has it. */
const UPSTREAM: RoundRobinFile = {
  ...BUNDLES,
  name: `SmokePing’s file: ${PINGS} pings in 300 s, as it comes from its makers`,
  archives: bundleArchives(28_800, 9_600, 2_400),
}

/** As Debian's /etc/smokeping/config.d/Database has it. */
export const DEBIANS: RoundRobinFile = {
  ...BUNDLES,
  name: `SmokePing’s file: ${PINGS} pings in 300 s, as Debian sets it`,
  archives: bundleArchives(1_008, 4_320, 720),
}

/** A day that has not ended just now is asked for as well. */
const SINGLE_SECONDS = 26 * 3_600

export const EVERY_SECOND: RoundRobinFile = {
  name: 'A round-robin file of round trip and loss at 1 s: averages, least and most',
  title: 'Round-robin file at 1 s',
  stepSeconds: 1,
  pings: 1,
  sources: ['loss', 'median'],
  archives: [
    `AVERAGE:0.5:1:${SINGLE_SECONDS}`,
    ...['AVERAGE', 'MIN', 'MAX'].flatMap((way) => [`${way}:0.5:60:43200`, `${way}:0.5:3600:17520`]),
  ],
}

// Of five minutes, of an hour, of half a day.
function bundleArchives(steps: number, hours: number, halfDays: number): string[] {
  const ways = ['AVERAGE', 'MIN', 'MAX']
  return [
    `AVERAGE:0.5:1:${steps}`,
    ...ways.map((way) => `${way}:0.5:12:${hours}`),
    ...ways.map((way) => `${way}:0.5:144:${halfDays}`),
  ]
}

/** An empty file, which has its whole size from the beginning. */
export async function createFile(
  rrdtool: Rrdtool,
  path: string,
  { file, since }: { file: RoundRobinFile; since: Date },
): Promise<void> {
  const { stepSeconds, sources, archives } = file
  await rrdtool.ask(
    ...['create', path, '--start', String(secondsOf(since)), '--step', String(stepSeconds)],
    // So long may two updates be apart: what is long past is told by the hour.
    ...sources.map((source) => `DS:${source}:GAUGE:7200:0:U`),
    ...archives.map((archive) => `RRA:${archive}`),
  )
}

export const secondsOf = (at: Date) => Math.floor(at.getTime() / 1_000)

/** The bytes of each file, null where rrdtool is missing. */
export async function measureRoundRobin(): Promise<{ name: string; bytes: number | null }[]> {
  const leavings = createLeavings()
  try {
    const folder = await mkdtemp(join(tmpdir(), 'echowall-rrd-'))
    leavings.add(() => rm(folder, { recursive: true, force: true }))
    const rrdtool = await openRrdtool(folder)
    if (rrdtool) leavings.add(rrdtool.close)
    const sizes: { name: string; bytes: number | null }[] = []
    for (const file of [UPSTREAM, DEBIANS, EVERY_SECOND]) {
      sizes.push({ name: file.name, bytes: rrdtool ? await sizeOf(rrdtool, folder, file) : null })
    }
    return sizes
  } finally {
    await leavings.close()
  }
}

async function sizeOf(rrdtool: Rrdtool, folder: string, file: RoundRobinFile): Promise<number> {
  const path = join(folder, 'empty.rrd')
  await createFile(rrdtool, path, { file, since: new Date() })
  return (await stat(path)).size
}
