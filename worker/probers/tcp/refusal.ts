// What a failed handshake means: a closed port, an error from the path, or nothing sent.
import { isIPv6 } from 'node:net'
import type { Outcome } from '../../prober.ts'

/** "Port unreachable", as ICMP would say of UDP (RFC 792, RFC 4443 section 3.1). */
const PORT_UNREACHABLE = { 4: 3, 6: 4 } as const
/** "Host unreachable"; ICMPv6 says "address unreachable". The kernel keeps to itself who said so. */
const HOST_UNREACHABLE = { 4: 1, 6: 3 } as const
const NET_UNREACHABLE = { 4: 0, 6: 0 } as const

/**
 * A host that answers RST is there, but what is asked is its port: unreachable, by the host's own
 * word. Undefined where the handshake never left: no route from here, no port or socket left.
 * `isInstant` says that the error came with the call, so nobody else can have sent it.
 */
export function outcomeOfError(
  address: string,
  code: string | undefined,
  isInstant: boolean,
): Outcome | undefined {
  const family = isIPv6(address) ? 6 : 4
  const unreachable = (by: Record<4 | 6, number>, from: string): Outcome => {
    return { kind: 'unreachable', from, code: by[family] }
  }
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET')
    return unreachable(PORT_UNREACHABLE, address)
  if (isInstant) return undefined
  if (code === 'EHOSTUNREACH') return unreachable(HOST_UNREACHABLE, '')
  if (code === 'ENETUNREACH') return unreachable(NET_UNREACHABLE, '')
  return code === 'ETIMEDOUT' ? { kind: 'lost' } : undefined
}
