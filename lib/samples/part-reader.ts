// Reads what tells parts of runs shortest, and adds it up piece by piece.
import type { Db } from '#lib/db/client.ts'
import { addEchoes } from './counted-echoes.ts'
import { tooMuch } from './counting.ts'
import { ALL_SUMMED, coverOf, type Piece, SLOT_US, type SlotLevel, type Summed } from './cover.ts'
import { countStored, readEchoes, type Stretch } from './echo-columns.ts'
import { type PackShelf, readPacks, type Wanted, want } from './pack-shelf.ts'
import { addSlots, type RunningSum } from './running-sum.ts'
import type { Part } from './runs.ts'
import { readSummedHours } from './unsummed.ts'

/** Held in memory as a few hundred megabytes, where hours have waited long to be summed up. */
const MOST_RESULTS = 4_000_000

/** Adds to the sum what was measured in a part; gives how many results of it are settled. */
export type AddPart = (sum: RunningSum, part: Part) => number

/**
 * Minutes and days are read first: where they are missing hours and results tell the same. Each piece
 * is read in one statement, so that nothing is lost to what is stored or compacted meanwhile. Throws
 * `invalid` where too much is not summed up.
 */
export async function readParts(tx: Pick<Db, 'execute'>, parts: readonly Part[]): Promise<AddPart> {
  const wished = wishesOf(parts, (part) => coverOf(part, ALL_SUMMED))
  const [minute, day, isSummed] = await Promise.all([
    readPacks(tx, 'minute', wished.minute),
    readPacks(tx, 'day', wished.day),
    readSummedHours(tx, wished.wholeHours),
  ])
  const covers = new Map(parts.map((part) => [part, coverOf(part, summedOf(part.probeId))]))
  const piecesOf = (part: Part) => covers.get(part) ?? []
  const rest = wishesOf(parts, piecesOf)
  if (rest.due > MOST_RESULTS && (await countStored(tx, rest.samples)) > MOST_RESULTS)
    throw tooMuch()
  const [hour, echoes] = await Promise.all([
    readPacks(tx, 'hour', rest.hour),
    readEchoes(tx, rest.samples),
  ])
  const shelves: Record<SlotLevel, PackShelf> = { minute, hour, day }

  return (sum, part) => {
    let measured = 0
    for (const { level, ...time } of piecesOf(part))
      measured +=
        level === 'sample'
          ? addEchoes(sum, part, { time, echoes: echoes.get(part.probeId) })
          : addSlots(sum, part.pace, shelves[level].slotsOf(part.probeId, time))
    return measured
  }

  function summedOf(probeId: number): Summed {
    return {
      hasMinutes: (hourUs) => minute.hasPack(probeId, hourUs),
      hasHour: (fromUs) => isSummed(probeId, { fromUs, toUs: fromUs + SLOT_US.hour }),
      hasDay: (fromUs) =>
        day.hasSlot(probeId, fromUs) && isSummed(probeId, { fromUs, toUs: fromUs + SLOT_US.day }),
    }
  }
}

/** `due` results of `samples`; `wholeHours` are times of probes in which hours or days are wanted. */
type Wishes = Record<SlotLevel, Wanted> & {
  samples: Stretch[]
  due: number
  wholeHours: Stretch[]
}

function wishesOf(parts: readonly Part[], piecesOf: (part: Part) => readonly Piece[]): Wishes {
  const wishes = { minute: new Map(), hour: new Map(), day: new Map() }
  const samples: Stretch[] = []
  let due = 0
  const wholeHours = new Map<number, Stretch>()
  for (const part of parts) {
    const { probeId } = part
    for (const { level, ...time } of piecesOf(part)) {
      if (level === 'sample') {
        samples.push({ probeId, ...time })
        due += (time.toUs - time.fromUs) / part.pace.intervalUs
      } else want(wishes[level], level, probeId, time)
      if (level === 'hour' || level === 'day') {
        const { fromUs, toUs } = wholeHours.get(probeId) ?? time
        const reach = { fromUs: Math.min(fromUs, time.fromUs), toUs: Math.max(toUs, time.toUs) }
        wholeHours.set(probeId, { probeId, ...reach })
      }
    }
  }
  return { ...wishes, samples, due, wholeHours: [...wholeHours.values()] }
}
