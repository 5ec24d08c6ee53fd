import { describe, expect, it } from 'vitest'
import { createSchedule, type Schedule, type Scheduled } from '../../worker/schedule.ts'

const STEP_MS = 2

/** Asks every 2 ms, as an engine would, and notes who was taken when. */
function runSchedule(schedule: Schedule<Scheduled>, fromMs: number, toMs: number) {
  const taken: { id: number; atMs: number }[] = []
  for (let atMs = fromMs; atMs < toMs; atMs += STEP_MS) {
    for (const { id } of schedule.take(atMs, Number.POSITIVE_INFINITY)) taken.push({ id, atMs })
  }
  return taken
}

function scheduleOf(count: number, intervalMs: number, nowMs: number) {
  const schedule = createSchedule<Scheduled>()
  for (let id = 1; id <= count; id += 1) schedule.set({ id, intervalMs }, nowMs)
  return schedule
}

function fullestShare(times: number[], binMs: number, spanMs: number): number {
  const bins = new Map<number, number>()
  for (const atMs of times) {
    const bin = Math.floor(atMs / binMs)
    bins.set(bin, (bins.get(bin) ?? 0) + 1)
  }
  return Math.max(...bins.values()) / ((times.length * binMs) / spanMs)
}

describe('schedule', () => {
  it.each([200, 1_000, 60_000, 3_600_000])(
    'takes every new probe within its first second at an interval of %i ms',
    (intervalMs) => {
      const schedule = scheduleOf(500, intervalMs, 5_000)
      const first = new Set(runSchedule(schedule, 5_000, 6_002).map(({ id }) => id))
      expect(first.size).toBe(500)
    },
  )

  it.each([
    [1_000, 1_000, 2_000],
    [10_000, 1_000, 2_000],
    [10_000, 60_000, 70_000],
  ])(
    'spreads %i probes at %i ms so that no 10 ms hold 3 times the mean',
    (count, interval, from) => {
      const schedule = scheduleOf(count, interval, 0)
      runSchedule(schedule, 0, from)
      const times = runSchedule(schedule, from, from + interval).map(({ atMs }) => atMs)
      expect(times).toHaveLength(count)
      expect(fullestShare(times, count < interval ? 100 : 10, interval)).toBeLessThan(3)
    },
  )

  it('spreads the first echoes of many probes added at once', () => {
    const schedule = scheduleOf(1_000, 60_000, 0)
    const times = runSchedule(schedule, 0, 1_002).map(({ atMs }) => atMs)
    expect(fullestShare(times, 10, 1_000)).toBeLessThan(3)
  })

  it('keeps a probe on its phase for hours without drift', () => {
    const schedule = scheduleOf(1, 300, 0)
    const startMs = schedule.nextDueMs()
    let count = 0
    for (let dueMs = startMs; dueMs < 6 * 3_600_000; dueMs = schedule.nextDueMs()) {
      schedule.take(dueMs + (count % 7), 1)
      count += 1
    }
    expect(schedule.nextDueMs()).toBeCloseTo(startMs + count * 300, 5)
  })

  it('skips what fell due during a standstill, counts it, and goes on in the same phase', () => {
    const schedule = scheduleOf(100, 1_000, 0)
    const before = runSchedule(schedule, 0, 3_000)
    expect(schedule.take(7_999, 1_000)).toEqual([])
    expect(schedule.counters().skipped).toBe(500)
    const after = runSchedule(schedule, 8_000, 9_000)
    expect(after).toHaveLength(100)
    const phaseOf = new Map(before.map(({ id, atMs }) => [id, atMs % 1_000]))
    for (const { id, atMs } of after) {
      expect(Math.abs((phaseOf.get(id) ?? 0) - (atMs % 1_000))).toBeLessThanOrEqual(STEP_MS)
    }
  })

  it('counts what is taken more than 10 ms late as overdue', () => {
    const schedule = scheduleOf(1, 1_000, 0)
    schedule.take(0, 1)
    const dueMs = schedule.nextDueMs()
    expect(schedule.take(dueMs + 50, 1)).toMatchObject([{ id: 1 }])
    expect(schedule.counters()).toEqual({ overdue: 1, skipped: 0, latenessMs: 50 })
  })

  it('takes what is soon due along when told to, each once and no earlier than told', () => {
    const [earlyMs, pauseMs, intervalMs] = [9, 16, 1_000]
    const schedule = scheduleOf(200, intervalMs, 2_000)
    const timesOf = new Map<number, number[]>()
    for (let atMs = 2_000; atMs < 12_000; atMs += pauseMs) {
      for (const { id } of schedule.take(atMs, 1_000, atMs + earlyMs)) {
        timesOf.set(id, [...(timesOf.get(id) ?? []), atMs])
      }
    }
    expect(timesOf.size).toBe(200)
    for (const times of timesOf.values()) {
      expect(times.length).toBeGreaterThanOrEqual(9)
      const phases = times.slice(1).map((atMs, i) => atMs - (i + 1) * intervalMs)
      expect(Math.max(...phases) - Math.min(...phases)).toBeLessThanOrEqual(pauseMs)
    }
    expect(schedule.counters().overdue).toBe(0)
  })

  it('skips nothing that is yet to come after a standstill, however early it may be taken', () => {
    const schedule = scheduleOf(100, 1_000, 0)
    runSchedule(schedule, 0, 3_000)
    expect(schedule.take(7_999, 1_000, 8_400)).toEqual([])
    expect(schedule.counters().skipped).toBe(500)
    expect(schedule.nextDueMs()).toBeGreaterThan(7_999)
  })

  it('gives the earliest first and no more than asked for', () => {
    const schedule = scheduleOf(50, 200, 0)
    const first = schedule.take(90, 5)
    expect(first).toHaveLength(5)
    expect(schedule.nextDueMs()).toBeLessThanOrEqual(90)
  })

  it('never takes a removed probe, whatever the order of comings and goings', () => {
    const schedule = scheduleOf(400, 1_000, 0)
    for (let id = 1; id <= 400; id += 3) schedule.remove(id)
    schedule.remove(99_999)
    const taken = new Set(runSchedule(schedule, 0, 1_002).map(({ id }) => id))
    expect(taken.size).toBe(266)
    expect([...taken].some((id) => id % 3 === 1)).toBe(false)
  })

  it('is empty, and due never, once everything is removed', () => {
    const schedule = scheduleOf(3, 1_000, 0)
    for (const id of [1, 2, 3]) schedule.remove(id)
    expect(schedule.nextDueMs()).toBe(Number.POSITIVE_INFINITY)
    expect(schedule.take(1e9, 10)).toEqual([])
  })

  it('keeps the place of a known probe, and follows a changed interval within a second', () => {
    const schedule = scheduleOf(1, 60_000, 0)
    runSchedule(schedule, 0, 2_000)
    const dueMs = schedule.nextDueMs()
    const changed = { id: 1, intervalMs: 60_000 }
    schedule.set(changed, 2_000)
    expect(schedule.nextDueMs()).toBe(dueMs)
    expect(schedule.take(dueMs, 1, dueMs)[0]).toBe(changed)
    schedule.set({ id: 1, intervalMs: 500 }, 2_000)
    expect(runSchedule(schedule, 2_000, 4_000)).toHaveLength(4)
  })

  it('serves 50,000 probes a second in a fraction of that second', () => {
    const schedule = scheduleOf(50_000, 1_000, 0)
    runSchedule(schedule, 0, 1_000)
    const before = process.cpuUsage()
    expect(runSchedule(schedule, 1_000, 2_000)).toHaveLength(50_000)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(1)
  })
})
