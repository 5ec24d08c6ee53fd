// When each probe is due: phases spread evenly, no drift, no burst after a standstill.

/** The schedule's view of time is what it is given: any steady milliseconds. */
export type Schedule = {
  /**
   * Adds a probe or changes its interval. It is due within 1 s, spread; from then on at its phase.
   * A known probe with the same interval keeps its place.
   */
  set(id: number, intervalMs: number, nowMs: number): void
  remove(id: number): void
  /** Up to `limit` probes due by now, the earliest first, each once; empty after a standstill. */
  take(nowMs: number, limit: number): number[]
  /** When the next probe is due; Infinity while there is none. */
  nextDueMs(): number
  counters(): ScheduleCounters
}

export type ScheduleCounters = {
  /** Taken more than 10 ms after they were due. */
  overdue: number
  /** Summed over all that were taken: how long after they were due. */
  latenessMs: number
  /** Never taken: due while nobody asked for more than half a second. Not measured, not lost. */
  skipped: number
}

type Entry = { id: number; intervalMs: number; share: number; dueMs: number; place: number }

const FIRST_WITHIN_MS = 1_000
const OVERDUE_MS = 10
/** A busy machine keeps a thread waiting for 200 ms now and then; longer, and it was suspended. */
const STANDSTILL_MS = 500
const LEAST_GAP_MS = 200

// Multiples of the golden section, modulo 1, stay evenly spread for every count (Knuth 6.4).
const GOLDEN_SECTION = 0.618033988749895

/** A binary heap by due time: 50,000 probes cost about 16 comparisons an echo. */
export function createSchedule(): Schedule {
  const entries = new Map<number, Entry>()
  const heap: Entry[] = []
  let arrivals = 0
  let overdue = 0
  let latenessMs = 0
  let skipped = 0

  return {
    set(id, intervalMs, nowMs) {
      const known = entries.get(id)
      if (known?.intervalMs === intervalMs) return
      const share = known?.share ?? (arrivals++ * GOLDEN_SECTION) % 1
      const entry = { id, intervalMs, share, dueMs: 0, place: known?.place ?? heap.length }
      entry.dueMs = Math.min(nextOnGrid(entry, nowMs), nowMs + share * FIRST_WITHIN_MS)
      entries.set(id, entry)
      heap[entry.place] = entry
      settle(entry)
    },
    remove(id) {
      const entry = entries.get(id)
      if (!entry) return
      entries.delete(id)
      const last = heap.pop()
      if (!last || last === entry) return
      put(last, entry.place)
      settle(last)
    },
    take(nowMs, limit) {
      const ids: number[] = []
      const isStandstill = nowMs - nextDueMs() > STANDSTILL_MS
      let entry = heap[0]
      while (entry && entry.dueMs <= nowMs && ids.length < limit) {
        if (isStandstill) skip(entry, nowMs)
        else ids.push(fire(entry, nowMs))
        settle(entry)
        entry = heap[0]
      }
      return ids
    },
    nextDueMs,
    counters: () => ({ overdue, latenessMs, skipped }),
  }

  function nextDueMs(): number {
    return heap[0]?.dueMs ?? Number.POSITIVE_INFINITY
  }

  function fire(entry: Entry, nowMs: number): number {
    latenessMs += nowMs - entry.dueMs
    if (nowMs - entry.dueMs > OVERDUE_MS) overdue += 1
    const gapMs = Math.min(entry.intervalMs / 2, LEAST_GAP_MS)
    entry.dueMs = nextOnGrid(entry, entry.dueMs + gapMs)
    return entry.id
  }

  function skip(entry: Entry, nowMs: number): void {
    skipped += 1 + Math.floor((nowMs - entry.dueMs) / entry.intervalMs)
    entry.dueMs = nextOnGrid(entry, nowMs)
  }

  function settle(entry: Entry): void {
    rise(entry)
    sink(entry)
  }

  function rise(entry: Entry): void {
    while (entry.place > 0) {
      const parent = heap[(entry.place - 1) >> 1]
      if (!parent || parent.dueMs <= entry.dueMs) return
      swap(parent, entry)
    }
  }

  function sink(entry: Entry): void {
    for (;;) {
      const left = heap[2 * entry.place + 1]
      const right = heap[2 * entry.place + 2]
      const child = right && left && right.dueMs < left.dueMs ? right : left
      if (!child || child.dueMs >= entry.dueMs) return
      swap(entry, child)
    }
  }

  function swap(upper: Entry, lower: Entry): void {
    const place = upper.place
    put(upper, lower.place)
    put(lower, place)
  }

  function put(entry: Entry, place: number): void {
    entry.place = place
    heap[place] = entry
  }
}

// Due times are whole multiples from zero, not sums of intervals: nothing accumulates.
function nextOnGrid({ intervalMs, share }: Entry, afterMs: number): number {
  const phaseMs = share * intervalMs
  return phaseMs + (Math.floor((afterMs - phaseMs) / intervalMs) + 1) * intervalMs
}
