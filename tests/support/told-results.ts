// Results written as a line, a place a second, so that figures can be counted by eye.
import { eq } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { targetRuns } from '#lib/db/schema.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import { insertSample, type MeasuredGroup, makeMeasuredGroup } from './measured-group.ts'

/** A whole second an hour ago: places are counted from here. */
export const FLOOR = Math.floor(Date.now() / 1000) * 1000 - 3_600_000

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
    const [value = '', second = String(place)] = word.split('@')
    if (value !== '.') await insertSample(db, probeId, afterFloor(Number(second)), usOf(value))
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
    const startedAt = new Date(afterFloor(from))
    const endedAt = new Date(afterFloor(to))
    await db.insert(targetRuns).values({ targetId, probeId, startedAt, endedAt })
  }
}

const afterFloor = (second: number) => FLOOR + Math.round(second * 1000)

function usOf(value: string): number {
  if (value === 'x') return OUTCOME.lost
  return value === 'u' ? OUTCOME.unreachable : Number(value)
}
