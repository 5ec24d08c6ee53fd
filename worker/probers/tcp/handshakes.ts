// The TCP handshakes that are due: a bounded number under way, each with one outcome.
import { isIP } from 'node:net'
import type { Clock } from '#lib/clock.ts'
import {
  type EchoResult,
  NO_COUNTS,
  type Outcome,
  type Probe,
  type ProberCounters,
} from '../../prober.ts'
import { createSchedule } from '../../schedule.ts'
import { beginHandshake } from './handshake.ts'

export type Handshakes = {
  start(probes: Probe[]): void
  stop(probeIds: number[]): void
  counters(): ProberCounters
  close(): void
}

export type HandshakesOptions = {
  clock: Clock
  /** Addresses of this machine to leave with, at most one of each family. */
  sources: string[]
  onResult: (result: EchoResult) => void
}

/** Each takes a file descriptor and a local port; what falls due beyond is not measured. */
const MOST_UNDER_WAY = 4_000
/** So few at a time that opening them does not keep the answers of others waiting. */
const AT_ONCE = 8
const PAUSE_MS = { least: 5, waiting: 20, idle: 250 }
/** An answer that waited so long for this thread tells of the thread and not of the path. */
const STALL_MS = 50

export function createHandshakes({ clock, sources, onResult }: HandshakesOptions): Handshakes {
  const schedule = createSchedule<Probe>()
  const underWay = new Set<{ close(): void }>()
  let sent = 0
  let unsent = 0
  let stalledAtMs = Number.NEGATIVE_INFINITY
  let timer = turnAfter(PAUSE_MS.least)

  return {
    start(started) {
      for (const probe of started) {
        if (isIP(probe.address)) schedule.set(probe, clock.steadyMs())
        else schedule.remove(probe.id)
      }
    },
    stop(probeIds) {
      for (const id of probeIds) schedule.remove(id)
    },
    counters() {
      const { skipped, ...lateness } = schedule.counters()
      return { ...NO_COUNTS, ...lateness, sent, unsent: unsent + skipped }
    },
    close() {
      clearTimeout(timer)
      for (const handshake of underWay) handshake.close()
    },
  }

  function turnAfter(pauseMs: number): NodeJS.Timeout {
    return setTimeout(turn, pauseMs, clock.steadyMs() + pauseMs)
  }

  function turn(dueMs: number): void {
    const nowMs = clock.steadyMs()
    if (nowMs - dueMs > STALL_MS) stalledAtMs = nowMs
    const due = schedule.take(nowMs, AT_ONCE)
    for (const probe of due) begin(probe)
    const longestMs = underWay.size > 0 ? PAUSE_MS.waiting : PAUSE_MS.idle
    const waitMs = Math.max(PAUSE_MS.least, schedule.nextDueMs() - clock.steadyMs())
    timer = turnAfter(due.length === AT_ONCE ? 1 : Math.min(waitMs, longestMs))
  }

  function begin(probe: Probe): void {
    if (underWay.size >= MOST_UNDER_WAY) {
      unsent += 1
      return
    }
    const handshake = beginHandshake({
      probe,
      clock,
      sources,
      onEnd(sentSteadyMs, outcome) {
        underWay.delete(handshake)
        settle(probe.id, sentSteadyMs, outcome)
      },
    })
    underWay.add(handshake)
  }

  function settle(probeId: number, sentSteadyMs: number, outcome: Outcome | undefined): void {
    if (outcome) sent += 1
    if (outcome && sentSteadyMs > stalledAtMs) onResult({ probeId, sentSteadyMs, outcome })
    else unsent += 1
  }
}
