// Round-robin files filled with a target's past, one really and the others as its copies.
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFile, type RoundRobinFile } from './round-robin.ts'
import type { Rrdtool } from './rrdtool.ts'

/** An hour of which only this is known: round trips in µs. */
export type PastHour = { at: number; averageUs: number | null; lostShare: number }

/** One echo: `at` in ms since 1970, `v` the round trip in µs or an outcome code below 0. */
export type Echo = { at: number; v: number }

/** The hours end where the echoes begin. */
export type FilledPast = { hours: PastHour[]; echoes: Echo[] }

/** A rrdtool, and the folder that it works in. */
export type Rrd = { rrdtool: Rrdtool; folder: string }

type Update = { seconds: number; values: (number | null)[] }

const UPDATES_A_LINE = 200
const HOUR_SECONDS = 3_600

/** Names of `count` equal files in the folder. */
export async function fillFiles(
  { rrdtool, folder }: Rrd,
  file: RoundRobinFile,
  { past, count }: { past: FilledPast; count: number },
): Promise<string[]> {
  const names = Array.from({ length: count }, (_, i) => `${file.stepSeconds}-${i}.rrd`)
  const [first = '', ...others] = names
  const updates = [...past.hours.map((hour) => ofHour(hour, file)), ...ofEchoes(past.echoes, file)]
  const since = new Date((past.hours[0]?.at ?? past.echoes[0]?.at ?? 0) - 1_000)
  await createFile(rrdtool, first, { file, since })
  for (let i = 0; i < updates.length; i += UPDATES_A_LINE) {
    await rrdtool.ask('update', first, ...updates.slice(i, i + UPDATES_A_LINE).map(written))
  }
  for (const name of others) await copyFile(join(folder, first), join(folder, name))
  return names
}

function ofHour({ at, averageUs, lostShare }: PastHour, file: RoundRobinFile): Update {
  const trips = Array.from({ length: file.pings }, () => averageUs)
  return { seconds: at / 1_000 + HOUR_SECONDS, values: valuesOf(lostShare, trips, file) }
}

// Of each step as many echoes as it keeps, evenly spaced.
function ofEchoes(echoes: Echo[], file: RoundRobinFile): Update[] {
  const steps = new Map<number, Echo[]>()
  for (const echo of echoes) {
    const step = Math.floor(echo.at / 1_000 / file.stepSeconds)
    const kept = steps.get(step)
    if (kept) kept.push(echo)
    else steps.set(step, [echo])
  }
  return [...steps].map(([step, all]) => {
    const every = Math.max(1, Math.floor(all.length / file.pings))
    const kept = all.filter((_, i) => i % every === 0).slice(0, file.pings)
    const trips = kept.map(({ v }) => (v < 0 ? null : v)).sort(byTime)
    const lost = trips.filter((us) => us === null).length / file.pings
    return { seconds: (step + 1) * file.stepSeconds, values: valuesOf(lost, trips, file) }
  })
}

// Lost ones last, as SmokePing sorts them.
const byTime = (a: number | null, b: number | null) =>
  (a ?? Number.MAX_VALUE) - (b ?? Number.MAX_VALUE)

function valuesOf(
  lostShare: number,
  trips: (number | null)[],
  { sources }: RoundRobinFile,
): (number | null)[] {
  return sources.map((source) => {
    if (source === 'uptime') return null
    if (source === 'loss') return lostShare
    return (
      trips[source === 'median' ? trips.length >> 1 : Number(source.slice('ping'.length)) - 1] ??
      null
    )
  })
}

const written = ({ seconds, values }: Update) =>
  [seconds, ...values.map((value) => value ?? 'U')].join(':')
