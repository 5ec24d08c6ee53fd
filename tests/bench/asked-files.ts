// Round-robin files filled with a target's past, and asked for what they know of a window.
import { sql } from 'drizzle-orm'
import { samplesBetween } from '#lib/samples/between.ts'
import { HOUR_MS } from '#lib/samples/hot-hours.ts'
import { readPacks, want } from '#lib/samples/pack-shelf.ts'
import { type Contender, timeOf, type Window } from './contenders.ts'
import { DAY_MS } from './copied-past.ts'
import { type Echo, type FilledPast, fillFiles, type Rrd } from './filled-files.ts'
import { HOUR_DAYS, type LongStore } from './long-store.ts'
import { type RoundRobinFile, secondsOf } from './round-robin.ts'
import type { Rrdtool } from './rrdtool.ts'

/** The probe whose past fills them. */
const PROBE = 1
/** Of averages: no echo is known by itself, unless a step is as short as its interval. */
const FIGURES = ['MINIMUM', 'AVERAGE', 'MAXIMUM', '50,PERCENT', '95,PERCENT', '99,PERCENT']

/** As many files as a window may have targets: one is filled, the others are its copies. */
export async function openFiles(
  rrd: Rrd,
  file: RoundRobinFile,
  { past, count }: { past: FilledPast; count: number },
): Promise<Contender> {
  const names = await fillFiles(rrd, file, { past, count })
  return {
    name: file.title,
    // A double for each source; three sources of a bundle are no round trips.
    bytesAnEcho: (file.sources.length * 8) / file.pings,
    async ask(window) {
      const seconds = (window.to.getTime() - window.from.getTime()) / 1_000
      if (seconds < file.stepSeconds) return `cannot: its steps are ${file.stepSeconds} s`
      const tell = window.isChart ? tellChart : tellFigures
      const stepSeconds = Math.max(window.stepSeconds, file.stepSeconds)
      const asked = names.slice(0, window.targets)
      return await timeOf(() => tell(rrd.rrdtool, asked, { ...window, stepSeconds }))
    },
  }
}

/** A year of hours, and each echo since single ones are kept. */
export async function readPast({ ctx: { db }, end, until }: LongStore): Promise<FilledPast> {
  const sinceMs = Math.floor((end.getTime() - DAY_MS) / HOUR_MS) * HOUR_MS
  const edge = new Date(sinceMs)
  const time = (at: Date) => sql`${at.toISOString()}::timestamptz`
  const echoes = await db.execute<Echo>(sql`
    select date_part('epoch', at) * 1000 as at, rtt_us as v
    from ${samplesBetween(sql`${PROBE}::int`, time(edge), time(until))} s order by 1`)
  const from = new Date(sinceMs - HOUR_DAYS * DAY_MS)
  const reach = { fromUs: from.getTime() * 1_000, toUs: edge.getTime() * 1_000 }
  const wanted = new Map()
  want(wanted, 'hour', PROBE, reach)
  const packs = await readPacks(db, 'hour', wanted)
  const hours = [...packs.slotsOf(PROBE, reach)].map(
    ({ atUs, summary: { sent, received, sumUs } }) => ({
      at: atUs / 1_000,
      averageUs: received > 0 ? sumUs / received : null,
      lostShare: (sent - received) / sent,
    }),
  )
  return { hours, echoes: [...echoes] }
}

// Loss and round trips of each file; resolves with the number of figures told.
async function tellFigures(rrdtool: Rrdtool, names: string[], window: Window): Promise<number> {
  const parts = names.flatMap((name, i) => [
    `DEF:l${i}=${name}:loss:AVERAGE`,
    `DEF:m${i}=${name}:median:AVERAGE`,
    `VDEF:s${i}=l${i},AVERAGE`,
    `PRINT:s${i}:%lf`,
    ...FIGURES.flatMap((figure, j) => [`VDEF:f${i}x${j}=m${i},${figure}`, `PRINT:f${i}x${j}:%lf`]),
  ])
  // Without anything to draw no picture is made.
  const width = ['--width', String(stepsOf(window))]
  const answer = await rrdtool.ask('graph', '/dev/null', ...edgesOf(window), ...width, ...parts)
  return answer.filter((line) => /^[\d.]+$/.test(line)).length
}

// Least, mean and most by the step; resolves with the number of points that are known.
async function tellChart(rrdtool: Rrdtool, names: string[], window: Window): Promise<number> {
  const columns = ['MIN', 'AVERAGE', 'MAX'].flatMap((way) => [
    `DEF:${way}=${names[0]}:median:${way}`,
    `XPORT:${way}`,
  ])
  const loss = [`DEF:loss=${names[0]}:loss:AVERAGE`, 'XPORT:loss']
  const rows = ['--maxrows', String(stepsOf(window))]
  const answer = await rrdtool.ask('xport', ...edgesOf(window), ...rows, ...columns, ...loss)
  return answer.filter((line) => line.includes('<row>') && !line.includes('NaN')).length
}

// A picture of fewer points would be made of longer steps, whatever is asked for.
const stepsOf = ({ from, to, stepSeconds }: Window) =>
  Math.max(10, Math.ceil((to.getTime() - from.getTime()) / 1_000 / stepSeconds))

function edgesOf({ from, to, stepSeconds }: Window): string[] {
  const edges = ['--start', secondsOf(from), '--end', secondsOf(to), '--step', stepSeconds]
  return edges.map(String)
}
