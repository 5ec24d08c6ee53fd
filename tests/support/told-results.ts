// Results written as a line, a place a second, so that figures can be counted by eye.
import { eq } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { targetRuns } from '#lib/db/schema.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import { insertSample, type MeasuredGroup, makeMeasuredGroup } from './measured-group.ts'

/** A whole minute more than an hour ago: places are counted from here. */
export const FLOOR = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000

/** The moment so many seconds after the floor. */
export const second = (seconds: number) => new Date(FLOOR + Math.round(seconds * 1000))

let hosts = 0
/** A host that no other test of the file has. */
export const newHost = () => {
  hosts += 1
  return `127.5.${hosts >> 8}.${hosts & 255}`
}

/**
 * Stores results of a probe: `412` is a round trip in µs, `x` lost, `u` unreachable, `.` not
 * measured; `x@2.4` left after 2.4 s instead of in its place.
 */
export async function tell(db: Db, probeId: number, line: string): Promise<void> {
  for (const [place, word] of line.split(' ').entries()) {
    const [value = '', seconds = String(place)] = word.split('@')
    const atMs = second(Number(seconds)).getTime()
    if (value !== '.') await insertSample(db, probeId, atMs, usOf(value))
  }
}

/** A group that runs since the floor, a target for each line. */
export async function measure(db: Db, ...lines: string[]): Promise<MeasuredGroup> {
  const group = await makeMeasuredGroup(db, lines.map(newHost), new Date(FLOOR))
  for (const [i, line] of lines.entries()) await tell(db, group.targets[i]?.probeId ?? 0, line)
  return group
}

/** The target ran from these seconds to those, each time with this probe, and never else. */
export async function setRuns(
  db: Db,
  targetId: string,
  runs: [probeId: number, fromSecond: number, toSecond: number][],
): Promise<void> {
  await db.delete(targetRuns).where(eq(targetRuns.targetId, targetId))
  for (const [probeId, from, to] of runs) {
    const run = { targetId, probeId, startedAt: second(from), endedAt: second(to) }
    await db.insert(targetRuns).values(run)
  }
}

function usOf(value: string): number {
  if (value === 'x') return OUTCOME.lost
  return value === 'u' ? OUTCOME.unreachable : Number(value)
}
