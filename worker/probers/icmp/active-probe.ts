// A probe under way: its address for the kernel, the identifier its echoes carry.
import type { Outcome, Probe } from '../../prober.ts'
import { type Destination, toDestination } from './destination.ts'
import { IDENTIFIERS } from './packet.ts'

/** All in one object, without the address as text: every probe takes it. */
export type ActiveProbe = Omit<Probe, 'address' | 'port'> &
  Destination & {
    /** Which of the identifiers its echoes carry. */
    lane: number
    laneSinceMs: number
    lossesInARow: number
  }

// Stateful firewalls and address translators hold on to a flow, also to a dead one, for as long as
// packets come. With these a lane rests longer than the 30 s of Linux before it is taken again.
const LOSSES_BEFORE_CHANGE = 5
const LEAST_MS_ON_A_LANE = 5_000

/** Undefined when the address is no IP literal. */
export function createActiveProbe(probe: Probe): ActiveProbe | undefined {
  const destination = toDestination(probe.address)
  if (!destination) return undefined
  const { family, sockaddr } = destination
  const { id, intervalMs, timeoutMs, payloadBytes, ttl, dscp, dontFragment } = probe
  return {
    id,
    intervalMs,
    timeoutMs,
    payloadBytes,
    ttl,
    dscp,
    dontFragment,
    family,
    sockaddr,
    lane: 0,
    laneSinceMs: Number.NEGATIVE_INFINITY,
    lossesInARow: 0,
  }
}

/** Repeated losses put a probe on another lane; the first one is for those that answer. */
export function noticeOutcome(active: ActiveProbe, outcome: Outcome, nowMs: number): void {
  if (outcome.kind === 'reply') active.lossesInARow = 0
  if (outcome.kind !== 'lost') return
  active.lossesInARow += 1
  const isDue =
    active.lossesInARow >= LOSSES_BEFORE_CHANGE && nowMs - active.laneSinceMs >= LEAST_MS_ON_A_LANE
  if (!isDue) return
  active.lane = (active.lane % (IDENTIFIERS - 1)) + 1
  active.laneSinceMs = nowMs
  active.lossesInARow = 0
}
