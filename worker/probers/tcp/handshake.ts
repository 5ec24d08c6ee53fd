// One TCP handshake, from SYN to SYN-ACK; the connection is reset as soon as it stands.
import { connect, isIP } from 'node:net'
import type { Clock } from '#lib/clock.ts'
import type { Outcome, Probe } from '../../prober.ts'
import { outcomeOfError } from './refusal.ts'

/** Longer a connection that stands is not unknown to Node, however busy its thread. */
const UNKNOWN_FOR_MS = 100

export type HandshakeOptions = {
  probe: Probe
  clock: Clock
  /** Addresses of this machine to leave with, at most one of each family. */
  sources: string[]
  /** Called once, unless closed before; no outcome where the handshake never left. */
  onEnd: (sentSteadyMs: number, outcome: Outcome | undefined) => void
}

/**
 * A SYN that gets lost is sent again by the kernel after a second: with a longer timeout such a
 * handshake takes a second more, as it does for every other client of that port.
 */
export function beginHandshake(options: HandshakeOptions): { close(): void } {
  const { probe, clock, sources, onEnd } = options
  const { address: host, port = 0, timeoutMs } = probe
  let sentSteadyMs = clock.steadyMs()
  let isInstant = true
  let isOver = false
  const localAddress = sources.find((source) => isIP(source) === isIP(host))
  const socket = connect({ host, port, ...(localAddress && { localAddress }) })
  // What is readable comes after the timers: an answer that waits is read before it counts as lost.
  const deadline = setTimeout(() => setImmediate(end, { kind: 'lost' }), timeoutMs)
  socket.once('connectionAttempt', () => {
    sentSteadyMs = clock.steadyMs()
    setImmediate(() => {
      isInstant = false
    })
  })
  socket.once('connect', () => {
    const rttMs = clock.steadyMs() - sentSteadyMs
    end(rttMs > timeoutMs ? { kind: 'lost' } : { kind: 'reply', rttUs: rttMs * 1_000 })
  })
  // It stays: an error after the end must find a listener.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end(outcomeOfError(host, error.code, isInstant))
  })

  return { close }

  function end(outcome: Outcome | undefined): void {
    if (isOver) return
    close()
    onEnd(sentSteadyMs, outcome)
  }

  // RST instead of FIN: neither side keeps the connection for a minute in TIME_WAIT. What the kernel
  // has connected without Node's knowing yet is reset as soon as it knows, the rest forgotten.
  function close(): void {
    isOver = true
    clearTimeout(deadline)
    if (socket.connecting) setTimeout(() => socket.destroy(), UNKNOWN_FOR_MS)
    socket.resetAndDestroy()
  }
}
