// Snapshots and replays of groups, each read once for all who ask at the same time.
import type { House } from '#lib/http/house.ts'
import { readRecent } from '#lib/samples/read.ts'
import { REPLAY } from './protocol.ts'
import { type EncodedSnapshot, readLast, readWhole } from './read-snapshot.ts'
import { encodeReplay } from './snapshot-frames.ts'

/** What a reader has already, and whether it wants every recent result or only the last ones. */
export type Wish = { since: string | undefined; replay: 'all' | 'last' }

export type Snapshots = {
  /** The group's state and what was stored since the cursor; undefined when the group is gone. */
  read(groupId: string, wish: Wish): Promise<EncodedSnapshot | undefined>
  /** Frames with every recent result of the targets with these numbers. */
  replay(groupId: string, n: readonly number[]): Promise<string[]>
  /** Messages may be missing: what is being read serves nobody who asks from now on. */
  forget(): void
}

/**
 * `delivered` counts the messages a group's followers have had: a reading under way serves only
 * those who have missed none since it began.
 */
export function createSnapshots(
  { db }: Pick<House, 'db'>,
  delivered: (groupId: string) => number,
): Snapshots {
  const snapshots = createReadings<EncodedSnapshot | undefined>()
  const replays = createReadings<string[]>()

  return {
    read: (groupId, { since, replay }) =>
      snapshots.share(`${groupId} ${replay} ${since ?? ''}`, delivered(groupId), () =>
        replay === 'all' ? readWhole(db, groupId, since) : readLast(db, groupId, since),
      ),
    replay: (groupId, n) =>
      replays.share(`${groupId} ${n}`, delivered(groupId), async () => {
        const recent = await readRecent(db, groupId, { ...REPLAY, n })
        return encodeReplay(`group:${groupId}`, recent, n)
      }),
    forget() {
      snapshots.forget()
      replays.forget()
    },
  }
}

function createReadings<Answer>() {
  const readings = new Map<string, { delivered: number; answer: Promise<Answer> }>()

  return {
    share(key: string, delivered: number, read: () => Promise<Answer>): Promise<Answer> {
      const shared = readings.get(key)
      if (shared?.delivered === delivered) return shared.answer
      const reading = { delivered, answer: read() }
      readings.set(key, reading)
      const forget = () => {
        if (readings.get(key) === reading) readings.delete(key)
      }
      reading.answer.then(forget, forget)
      return reading.answer
    },
    forget: () => readings.clear(),
  }
}
