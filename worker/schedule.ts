// When each probe is due: phases spread evenly, no drift, no burst after a standstill.

/** What a schedule needs to know of a probe. */
export type Scheduled = { id: number; intervalMs: number }

/** The schedule's view of time is what it is given: any steady milliseconds. */
export type Schedule<Probe extends Scheduled> = {
  /**
   * Adds a probe or changes it. It is due within 1 s, spread; from then on at its phase. A known
   * probe with the same interval keeps its place.
   */
  set(probe: Probe, nowMs: number): void
  remove(id: number): void
  /**
   * Up to `limit` probes due by `untilMs`, which is now unless given, the earliest first, each once;
   * empty after a standstill.
   */
  take(nowMs: number, limit: number, untilMs?: number): Probe[]
  /** When the next probe is due; Infinity while there is none. */
  nextDueMs(): number
  counters(): ScheduleCounters
}

export type ScheduleCounters = {
  /** Taken more than 10 ms after they were due. */
  overdue: number
  /** Summed over all that were taken: how long after they were due; not at all, if before. */
  latenessMs: number
  /** Never taken: due while nobody asked for more than half a second. Not measured, not lost. */
  skipped: number
}

const FIRST_WITHIN_MS = 1_000
const OVERDUE_MS = 10
/** A busy machine keeps a thread waiting for 200 ms now and then; longer, and it was suspended. */
const STANDSTILL_MS = 500
const LEAST_GAP_MS = 200

// Multiples of the golden section, modulo 1, stay evenly spread for every count (Knuth 6.4).
const GOLDEN_SECTION = 0.618033988749895

/**
 * A binary heap by due time: 50,000 probes cost about 16 comparisons an echo. It is kept in columns
 * of numbers, which lie close together; of objects most comparisons were misses of the cache.
 */
export function createSchedule<Probe extends Scheduled>(): Schedule<Probe> {
  // What belongs to a probe, by its slot.
  const slots = new Map<number, number>()
  const freeSlots: number[] = []
  const probes: (Probe | undefined)[] = []
  const shares: number[] = []
  const places: number[] = []
  // The heap, by place.
  const heap: number[] = []
  const duesMs: number[] = []
  let arrivals = 0
  let overdue = 0
  let latenessMs = 0
  let skipped = 0

  return {
    set(probe, nowMs) {
      const slot = slots.get(probe.id) ?? admit(probe.id)
      const isInPlace = probes[slot]?.intervalMs === probe.intervalMs
      probes[slot] = probe
      if (isInPlace) return
      const spreadMs = nowMs + (shares[slot] ?? 0) * FIRST_WITHIN_MS
      settle(slot, places[slot] ?? 0, Math.min(nextOnGrid(slot, nowMs), spreadMs))
    },
    remove(id) {
      const slot = slots.get(id)
      if (slot === undefined) return
      slots.delete(id)
      probes[slot] = undefined
      freeSlots.push(slot)
      const [last, dueMs] = [heap.pop(), duesMs.pop()]
      if (last === undefined || dueMs === undefined || last === slot) return
      settle(last, places[slot] ?? 0, dueMs)
    },
    take(nowMs, limit, untilMs = nowMs) {
      const taken: Probe[] = []
      const isStandstill = nowMs - nextDueMs() > STANDSTILL_MS
      const lastMs = isStandstill ? nowMs : untilMs
      while (nextDueMs() <= lastMs && taken.length < limit) {
        const slot = heap[0] ?? 0
        const probe = probes[slot]
        if (probe && !isStandstill) taken.push(probe)
        settle(slot, 0, isStandstill ? skip(slot, nowMs) : fire(slot, nowMs))
      }
      return taken
    },
    nextDueMs,
    counters: () => ({ overdue, latenessMs, skipped }),
  }

  function nextDueMs(): number {
    return duesMs[0] ?? Number.POSITIVE_INFINITY
  }

  function admit(id: number): number {
    const slot = freeSlots.pop() ?? probes.length
    slots.set(id, slot)
    shares[slot] = (arrivals * GOLDEN_SECTION) % 1
    places[slot] = heap.length
    arrivals += 1
    return slot
  }

  /** Both return when the first of the heap is due next. */
  function fire(slot: number, nowMs: number): number {
    const dueMs = nextDueMs()
    latenessMs += Math.max(0, nowMs - dueMs)
    if (nowMs - dueMs > OVERDUE_MS) overdue += 1
    return nextOnGrid(slot, dueMs + Math.min(intervalMsOf(slot) / 2, LEAST_GAP_MS))
  }

  function skip(slot: number, nowMs: number): number {
    skipped += 1 + Math.floor((nowMs - nextDueMs()) / intervalMsOf(slot))
    return nextOnGrid(slot, nowMs)
  }

  function intervalMsOf(slot: number): number {
    return probes[slot]?.intervalMs ?? Number.POSITIVE_INFINITY
  }

  // Due times are whole multiples from zero, not sums of intervals: nothing accumulates.
  function nextOnGrid(slot: number, afterMs: number): number {
    const intervalMs = intervalMsOf(slot)
    const phaseMs = (shares[slot] ?? 0) * intervalMs
    return phaseMs + (Math.floor((afterMs - phaseMs) / intervalMs) + 1) * intervalMs
  }

  // From its place a probe rises past those that are due later, or sinks past those due earlier.
  function settle(slot: number, from: number, dueMs: number): void {
    let place = from
    for (let parent = (place - 1) >> 1; isLater(parent, dueMs); parent = (place - 1) >> 1) {
      move(parent, place)
      place = parent
    }
    for (let child = firstChild(place); isEarlier(child, dueMs); child = firstChild(place)) {
      move(child, place)
      place = child
    }
    put(slot, place, dueMs)
  }

  function firstChild(place: number): number {
    const left = 2 * place + 1
    return isEarlier(left + 1, duesMs[left] ?? 0) ? left + 1 : left
  }

  function isLater(place: number, dueMs: number): boolean {
    return place >= 0 && (duesMs[place] ?? 0) > dueMs
  }

  function isEarlier(place: number, dueMs: number): boolean {
    return place < heap.length && (duesMs[place] ?? 0) < dueMs
  }

  function move(from: number, to: number): void {
    put(heap[from] ?? 0, to, duesMs[from] ?? 0)
  }

  function put(slot: number, place: number, dueMs: number): void {
    heap[place] = slot
    duesMs[place] = dueMs
    places[slot] = place
  }
}
