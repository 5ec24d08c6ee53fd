// The engine: sends what is due, matches what comes back, tells what became of each echo.
import type { Outcome, Probe, ProberCounters } from '../../prober.ts'
import { createSchedule } from '../../schedule.ts'
import { type ActiveProbe, createActiveProbe, noticeOutcome } from './active-probe.ts'
import { hasAddress, toLiteral } from './destination.ts'
import { createFlights, type Flight } from './flights.ts'
import { steadyMs } from './libc.ts'
import type { Answer, Family, Quote } from './packet.ts'
import type { Road } from './road.ts'

export type Engine = {
  start(probes: Probe[]): void
  stop(probeIds: number[]): void
  /** Sends, reads and settles all that is due; returns how long nothing more will be, in ms. */
  turn(): number
  counters(): ProberCounters
}

export type EngineOptions = {
  roads: Road[]
  drawNonce: () => number
  onResult: (probeId: number, sentSteadyMs: number, outcome: Outcome) => void
}

type EchoFlight = Flight<ActiveProbe>

// A wake costs 50 µs of CPU on a busy machine, an echo 10: what falls due within 16 ms leaves
// together, none of it more than 9 ms before it was due or, when woken in time, 7 ms after.
const PAUSE_MS = 16
const EARLY_MS = 9
// After a standstill too short to be skipped the arrears leave at twice the rate, not in a burst.
const MOST_DUE_MS = 2 * PAUSE_MS
const ECHOES_AT_ONCE = 64
// Of 20,000 answers that the queue of a socket holds.
const ECHOES_PER_HEARING = 256
// The kernel has stamped what waits in its queue, so reading it may take its time; a little more
// than results are posted, so that they never wait for the next post.
const HEAR_EVERY_MS = 100
const IDLE_MS = 250
/** 60,000 echoes a second, remembered for a timeout of 10 s and 10 s after it. */
const MOST_FLIGHTS = 2 ** 21

export function createEngine({ roads, drawNonce, onResult }: EngineOptions): Engine {
  const schedule = createSchedule<ActiveProbe>()
  const flights = createFlights<ActiveProbe>({ drawNonce, limit: MOST_FLIGHTS })
  const roadOf = new Map<Family, Road>(roads.map((road) => [road.family, road]))
  let unheard = 0
  let hearAtMs = 0
  const counters = { sent: 0, late: 0, duplicates: 0, unsent: 0 }

  return {
    start(started) {
      for (const probe of started) {
        const active = createActiveProbe(probe)
        if (active) schedule.set(active, steadyMs())
        else schedule.remove(probe.id)
      }
    },
    stop(probeIds) {
      for (const id of probeIds) schedule.remove(id)
    },
    turn() {
      const startedMs = steadyMs()
      const untilMs = Math.min(startedMs + EARLY_MS, schedule.nextDueMs() + MOST_DUE_MS)
      let due: ActiveProbe[]
      do {
        due = schedule.take(steadyMs(), ECHOES_AT_ONCE, untilMs)
        for (const active of due) send(active)
        unheard += due.length
        if (unheard >= ECHOES_PER_HEARING) hear()
      } while (due.length === ECHOES_AT_ONCE)
      const nowMs = steadyMs()
      if (nowMs >= hearAtMs) hear()
      hearAtMs = Math.min(hearAtMs, nowMs + (flights.waiting() > 0 ? HEAR_EVERY_MS : IDLE_MS))
      return Math.max(startedMs + PAUSE_MS, Math.min(schedule.nextDueMs(), hearAtMs)) - nowMs
    },
    counters() {
      const { skipped, ...lateness } = schedule.counters()
      const receiveDrops = roads.reduce((sum, road) => sum + road.drops(), 0)
      return { ...counters, ...lateness, unsent: counters.unsent + skipped, receiveDrops }
    },
  }

  function send(active: ActiveProbe): void {
    const flight = flights.open(active, active.timeoutMs, steadyMs())
    if (flight && roadOf.get(active.family)?.send(flight)) {
      flights.noteSent(flight)
      counters.sent += 1
      return
    }
    counters.unsent += 1
  }

  // A silent echo is lost only when whatever came before its time was up has been read.
  function hear(): void {
    const askedMs = steadyMs()
    let heardMs = Number.POSITIVE_INFINITY
    for (const road of roads) heardMs = Math.min(heardMs, road.hear(onArrival))
    flights.expire(heardMs, onSilence)
    unheard = 0
    // What is left unread is for the next turn.
    hearAtMs = heardMs < askedMs ? askedMs : steadyMs() + IDLE_MS
  }

  function onArrival(answer: Answer, arrivedMs: number): void {
    if (answer.kind === 'reply') {
      const flight = flights.find(answer.number, answer.nonceHigh, answer.nonceLow)
      if (flight) onReply(flight, arrivedMs)
      return
    }
    const flight = findQuoted(answer.quote)
    if (flight?.state !== 'waiting') return
    flights.settle(flight)
    report(flight, { ...answer.error, from: toLiteral(answer.from) })
  }

  function onReply(flight: EchoFlight, arrivedMs: number): void {
    const { state } = flight
    flights.settle(flight)
    if (state === 'settled') {
      counters.duplicates += 1
      return
    }
    const rttMs = Math.max(0, arrivedMs - flight.sentMs)
    const isLate = state === 'lost' || rttMs > flight.timeoutMs
    if (isLate) counters.late += 1
    if (state === 'lost') return
    report(flight, isLate ? { kind: 'lost' } : { kind: 'reply', rttUs: Math.round(rttMs * 1_000) })
  }

  function findQuoted({ echo, sequence, destination }: Quote): EchoFlight | undefined {
    if (echo) return flights.find(echo.number, echo.nonceHigh, echo.nonceLow)
    return flights.findWaiting(sequence, ({ probe }) => hasAddress(probe, destination))
  }

  // While our own queue overflowed nobody knows who had answered: not measured.
  function onSilence(flight: EchoFlight): void {
    const road = roadOf.get(flight.probe.family)
    if (road && flight.sentMs > road.droppedAtMs()) report(flight, { kind: 'lost' })
  }

  function report(flight: EchoFlight, outcome: Outcome): void {
    noticeOutcome(flight.probe, outcome, flight.sentMs)
    onResult(flight.probe.id, flight.sentMs, outcome)
  }
}
