// The accounts of one ping process: from its lines and its rhythm to one outcome per echo.
import type { EchoResult, Outcome, Probe } from '../prober.ts'
import type { PingLine } from './ping-output.ts'

export type PingLedger = {
  /** `heardAtMs`: steady time at which the line was printed. */
  enter(line: PingLine, heardAtMs: number): void
  /** Settles the echoes whose time is up; call it at `dueMs()`. */
  settleDue(nowMs: number): void
  dueMs(): number
  counters(): { sent: number; late: number; duplicates: number; unsent: number }
}

export type PingLedgerOptions = {
  probe: Probe
  firstSequence: number
  startedAtMs: number
  onResult: (result: EchoResult) => void
}

type Echo = { sequence: number; sentMs: number; state: 'waiting' | 'settled' | 'lost' | 'unsent' }

// A reply's way through ping, pipe and event loop; until then an echo is not called lost.
const GRACE_MS = 500
/** More echoes than fit into the longest timeout and 10 s after it, at 5 a second. */
const REMEMBERED = 128
const SEQUENCES = 65_536

/**
 * Ping tells what it heard; what it did not hear follows from the sequence and the rhythm. An echo
 * counts as sent when ping names it or a later one, or when its time has come while ping lives.
 */
export function createPingLedger(options: PingLedgerOptions): PingLedger {
  const { probe, onResult } = options
  const echoes = new Map<number, Echo>()
  const counters = { sent: 0, late: 0, duplicates: 0, unsent: 0 }
  let next = { sequence: options.firstSequence, sentMs: options.startedAtMs }

  return {
    enter(line, heardAtMs) {
      if (line.kind === 'unsent') enterUnsent(heardAtMs)
      else if (line.kind === 'reply') enterReply(line, heardAtMs)
      else if (line.kind === 'silent') enterSilent(line.sequence, heardAtMs - probe.intervalMs)
      else enterError(line, heardAtMs)
    },
    settleDue(nowMs) {
      while (next.sentMs + probe.timeoutMs + GRACE_MS <= nowMs) openEcho(next.sequence, next.sentMs)
      for (const echo of echoes.values()) {
        const isDue = echo.state === 'waiting' && deadlineMs(echo) <= nowMs
        if (isDue) settle(echo, 'lost', { kind: 'lost' })
      }
    },
    dueMs() {
      let dueMs = next.sentMs + probe.timeoutMs + GRACE_MS
      for (const echo of echoes.values()) {
        if (echo.state === 'waiting') dueMs = Math.min(dueMs, deadlineMs(echo))
      }
      return dueMs
    },
    counters: () => ({ ...counters }),
  }

  function enterReply(line: Extract<PingLine, { kind: 'reply' }>, heardAtMs: number): void {
    if (line.isDuplicate) {
      counters.duplicates += 1
      return
    }
    const echo = openEcho(line.sequence, heardAtMs - line.rttMs)
    followRhythm(line.sequence, heardAtMs - line.rttMs)
    if (echo.state === 'lost') counters.late += 1
    if (echo.state !== 'waiting') return
    echo.sentMs = heardAtMs - line.rttMs
    const isLate = line.rttMs > probe.timeoutMs
    if (isLate) counters.late += 1
    const rttUs = Math.round(line.rttMs * 1_000)
    settle(echo, 'settled', isLate ? { kind: 'lost' } : { kind: 'reply', rttUs })
  }

  function enterSilent(sequence: number, sentMs: number): void {
    openEcho(sequence, sentMs)
    followRhythm(sequence, sentMs)
  }

  function enterError(
    line: Extract<PingLine, { kind: 'unreachable' | 'ttl-exceeded' }>,
    heardAtMs: number,
  ): void {
    const echo = openEcho(line.sequence ?? newestWaiting(), heardAtMs)
    if (echo.state !== 'waiting') return
    const { from } = line
    const isExceeded = line.kind === 'ttl-exceeded'
    const outcome = isExceeded
      ? { kind: line.kind, from }
      : { kind: line.kind, from, code: line.code }
    settle(echo, 'settled', outcome)
  }

  // Standard error has no sequence: it is the echo whose time is now.
  function enterUnsent(heardAtMs: number): void {
    const ahead = Math.max(0, Math.round((heardAtMs - next.sentMs) / probe.intervalMs))
    const echo = openEcho((next.sequence + ahead) % SEQUENCES, heardAtMs)
    if (echo.state !== 'waiting') return
    echo.state = 'unsent'
    counters.sent -= 1
    counters.unsent += 1
  }

  function newestWaiting(): number {
    const waiting = [...echoes.values()].filter(({ state }) => state === 'waiting')
    return waiting.at(-1)?.sequence ?? next.sequence
  }

  /** The echo of this sequence; all before it that were not heard of are opened with it. */
  function openEcho(sequence: number, sentMs: number): Echo {
    const known = echoes.get(sequence)
    if (known) return known
    const missed = (sequence - next.sequence + SEQUENCES) % SEQUENCES
    // Long forgotten: an answer to it is no longer of interest.
    if (missed > SEQUENCES / 2) return { sequence, sentMs, state: 'settled' }
    for (let back = Math.min(missed, REMEMBERED - 1); back > 0; back -= 1) {
      remember((sequence - back + SEQUENCES) % SEQUENCES, sentMs - back * probe.intervalMs)
    }
    next = { sequence: (sequence + 1) % SEQUENCES, sentMs: sentMs + probe.intervalMs }
    return remember(sequence, sentMs)
  }

  // Ping's rhythm drifts against ours: what it says of its newest echo sets ours right.
  function followRhythm(sequence: number, sentMs: number): void {
    if ((sequence + 1) % SEQUENCES === next.sequence) next.sentMs = sentMs + probe.intervalMs
  }

  function remember(sequence: number, sentMs: number): Echo {
    const echo: Echo = { sequence, sentMs, state: 'waiting' }
    echoes.set(sequence, echo)
    counters.sent += 1
    for (const oldest of echoes.keys()) {
      if (echoes.size <= REMEMBERED) break
      echoes.delete(oldest)
    }
    return echo
  }

  function deadlineMs(echo: Echo): number {
    return echo.sentMs + probe.timeoutMs + GRACE_MS
  }

  function settle(echo: Echo, state: 'settled' | 'lost', outcome: Outcome): void {
    echo.state = state
    onResult({ probeId: probe.id, sentSteadyMs: echo.sentMs, outcome })
  }
}
