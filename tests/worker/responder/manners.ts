// How the hosts behind the responder behave: one manner an address, and what it answers.
import {
  familyOf,
  identifierOf,
  isEcho,
  replyPacket,
  targetOf,
  timeExceeded,
  withOtherNonce,
} from './icmp-packets.ts'

export const MANNERS = [
  'delayed',
  'jittery',
  'doubled',
  'reordered',
  'late',
  'damaged',
  'expired',
  'silent',
  'forged',
  'stale',
  'held',
] as const
export type Manner = (typeof MANNERS)[number]

export const NETWORKS = ['10.90.0.0/16', 'fd90::/64']
export const DEVICE = 'wall0'
export const OWN = ['10.91.0.1/32', 'fd91::1/128']
export const ROUTER = { 4: '10.90.254.254', 6: 'fd90::fe:fe' } as const

export const DELAY_MS = 20
/** Evenly between the two. */
export const JITTER_MS = [10, 30] as const
/** Every second reply of the reordered takes so long, the others none. */
export const SLOW_MS = 450
export const LATE_MS = 700

/** Packets to write, and how long after the echo came. */
export type Answer = { afterMs: number; packet: Uint8Array }

export function addressOf(manner: Manner, family: 4 | 6, host = 1): string {
  const number = MANNERS.indexOf(manner) + 1
  return family === 4
    ? `10.90.${number * 20 + (host >> 8)}.${host & 255}`
    : `fd90::${number.toString(16)}:${host.toString(16)}`
}

/**
 * Remembers what each host was sent: some answer late to the one before, some slowly in turn. The
 * held stand behind a firewall that has given up the first flow to them, and passes any other.
 */
export function createManners(): (packet: Uint8Array) => Answer[] {
  const former = new Map<string, Uint8Array>()
  const slowNext = new Set<string>()
  const deadFlow = new Map<string, number>()

  return (packet) => {
    if (!isEcho(packet)) return []
    const target = targetOf(packet)
    const number = target.length === 4 ? Math.floor((target[2] ?? 0) / 20) : target[13]
    const manner = MANNERS[(number ?? 0) - 1]
    return manner ? answersOf(manner, packet) : []
  }

  function answersOf(manner: Manner, packet: Uint8Array): Answer[] {
    const reply = replyPacket(packet)
    switch (manner) {
      case 'delayed':
        return [{ afterMs: DELAY_MS, packet: reply }]
      case 'jittery':
        return [{ afterMs: between(JITTER_MS), packet: reply }]
      case 'doubled':
        return [1, 3].map((afterMs) => ({ afterMs, packet: reply }))
      case 'reordered':
        return [{ afterMs: isSlowsTurn(targetOf(packet).join()) ? SLOW_MS : 0, packet: reply }]
      case 'late':
        return [{ afterMs: LATE_MS, packet: reply }]
      case 'damaged':
        return [{ afterMs: 0, packet: withOtherNonce(reply, { isDamaged: true }) }]
      case 'forged':
        return [{ afterMs: 0, packet: withOtherNonce(reply, { isDamaged: false }) }]
      case 'expired':
        return [{ afterMs: 0, packet: timeExceeded(packet, ROUTER[familyOf(packet)]) }]
      case 'stale':
        return formerOf(targetOf(packet).join(), reply).map((older) => ({
          afterMs: 0,
          packet: older,
        }))
      case 'held':
        return isOfDeadFlow(packet) ? [] : [{ afterMs: 0, packet: reply }]
      case 'silent':
        return []
    }
  }

  function isSlowsTurn(host: string): boolean {
    if (slowNext.delete(host)) return true
    slowNext.add(host)
    return false
  }

  function isOfDeadFlow(packet: Uint8Array): boolean {
    const [host, identifier] = [targetOf(packet).join(), identifierOf(packet)]
    if (!deadFlow.has(host)) deadFlow.set(host, identifier)
    return deadFlow.get(host) === identifier
  }

  function formerOf(host: string, reply: Uint8Array): Uint8Array[] {
    const older = former.get(host)
    former.set(host, reply)
    return older ? [older] : []
  }
}

function between([least, most]: readonly [number, number]): number {
  return least + Math.random() * (most - least)
}
