// The engine: sends what is due, matches what comes back, tells what became of each echo.
import type { Outcome, Probe, ProberCounters } from '../../prober.ts'
import { createSchedule } from '../../schedule.ts'
import { type ActiveProbe, toDestination, toLiteral } from './destination.ts'
import { createFlights, type Flight } from './flights.ts'
import { createKernelClock } from './kernel-clock.ts'
import { steadyMs } from './libc.ts'
import type { Answer, Family, Mark, Quote } from './packet.ts'
import { createReceiver, type Receiver } from './receiver.ts'
import { BATCH, createSender, type Sender } from './sender.ts'
import type { IcmpSocket } from './socket.ts'

export type Engine = {
  start(probes: Probe[]): void
  stop(probeIds: number[]): void
  /** Sends, reads and settles all that is due; returns how long nothing more will be, in ms. */
  turn(): number
  counters(): ProberCounters
}

export type EngineOptions = {
  sockets: IcmpSocket[]
  drawWord: () => number
  onResult: (probeId: number, sentSteadyMs: number, outcome: Outcome) => void
}

type Road = { socket: IcmpSocket; sender: Sender; receiver: Receiver; drops: number }
type EchoFlight = Flight<ActiveProbe>

// A wake costs 25 µs of CPU, more than an echo: what falls due within 5 ms leaves together.
const PAUSE_MS = 5
const BATCHES_PER_READ = 8
// Commands are taken between turns: no turn may go on for ever.
const MOST_BATCHES = 128
// The kernel has stamped what waits in its buffer, so reading it may take its time.
const READ_EVERY_MS = 20
const IDLE_MS = 250
/** 60,000 echoes a second, remembered for a timeout of 10 s and 10 s after it. */
const MOST_FLIGHTS = 2 ** 21

export function createEngine({ sockets, drawWord, onResult }: EngineOptions): Engine {
  const tag = drawWord()
  const identifier = drawWord() & 0xffff
  const schedule = createSchedule()
  const clock = createKernelClock()
  const flights = createFlights<ActiveProbe>({ drawNonce: drawWord, limit: MOST_FLIGHTS })
  const probes = new Map<number, { probe: Probe; active: ActiveProbe | undefined }>()
  const roads = new Map(sockets.map((socket) => [socket.family, openRoad(socket)]))
  const counters = { sent: 0, late: 0, duplicates: 0, receiveDrops: 0, unsent: 0 }
  let droppedAtMs = Number.NEGATIVE_INFINITY

  return {
    start(started) {
      for (const probe of started) {
        const destination = toDestination(probe.address)
        probes.set(probe.id, { probe, active: destination && { probe, destination } })
        schedule.set(probe.id, probe.intervalMs, steadyMs())
      }
    },
    stop(probeIds) {
      for (const id of probeIds) {
        probes.delete(id)
        schedule.remove(id)
      }
    },
    turn() {
      for (let batch = 1; batch <= MOST_BATCHES; batch += 1) {
        const due = schedule.take(steadyMs(), BATCH)
        if (due.length === 0) break
        send(due)
        if (batch % BATCHES_PER_READ === 0) receive()
      }
      const nowMs = steadyMs()
      receive()
      flights.expire(nowMs, onSilence)
      const idleMs = flights.waiting() > 0 ? READ_EVERY_MS : IDLE_MS
      return Math.max(PAUSE_MS, Math.min(schedule.nextDueMs() - nowMs, idleMs))
    },
    counters() {
      const { overdue, skipped } = schedule.counters()
      return { ...counters, unsent: counters.unsent + skipped, overdue }
    },
  }

  function openRoad(socket: IcmpSocket): Road {
    const mark: Mark = { identifier: socket.kind === 'raw' ? identifier : undefined, tag }
    const receiver = createReceiver(socket, mark)
    const sender = createSender(socket, mark, () => receiver.receive(onAnswer))
    return { socket, sender, receiver, drops: socket.receiveDrops() }
  }

  function send(due: number[]): void {
    const batches: Record<Family, EchoFlight[]> = { 4: [], 6: [] }
    for (const id of due) {
      const active = probes.get(id)?.active
      const flight = active && flights.open(active, active.probe.timeoutMs, steadyMs())
      if (flight) batches[flight.probe.destination.family].push(flight)
      else counters.unsent += 1
    }
    sendFamily(4, batches[4])
    sendFamily(6, batches[6])
  }

  function sendFamily(family: Family, batch: EchoFlight[]): void {
    if (batch.length === 0) return
    const road = roads.get(family)
    const unsent = road ? road.sender.send(batch) : batch
    for (const flight of unsent) flights.settle(flight, 'cancelled')
    counters.unsent += unsent.length
    counters.sent += batch.length - unsent.length
  }

  function receive(): void {
    clock.measure()
    for (const road of roads.values()) {
      road.receiver.receive(onAnswer)
      const drops = road.socket.receiveDrops()
      if (drops === road.drops) continue
      // The kernel's counter has 32 bits.
      counters.receiveDrops += (drops - road.drops) >>> 0
      road.drops = drops
      droppedAtMs = steadyMs()
    }
  }

  function onAnswer(answer: Answer, stampMs: number | undefined): void {
    if (answer.kind === 'reply') {
      const flight = flights.find(answer.number, answer.nonceHigh, answer.nonceLow)
      if (flight) onReply(flight, clock.arrivalMs(stampMs))
      return
    }
    const flight = findQuoted(answer.quote)
    if (flight?.state !== 'waiting') return
    flights.settle(flight, 'settled')
    report(flight, { ...answer.error, from: toLiteral(answer.from) })
  }

  function onReply(flight: EchoFlight, arrivedMs: number): void {
    const { state } = flight
    flights.settle(flight, 'settled')
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
    return flights.findWaiting(sequence, ({ probe }) =>
      probe.destination.address.every((byte, index) => byte === destination[index]),
    )
  }

  // While our own buffer overflowed nobody knows who had answered: not measured.
  function onSilence(flight: EchoFlight): void {
    if (flight.sentMs > droppedAtMs) report(flight, { kind: 'lost' })
  }

  function report(flight: EchoFlight, outcome: Outcome): void {
    onResult(flight.probe.probe.id, flight.sentMs, outcome)
  }
}
