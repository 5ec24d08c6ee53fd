// What may be pinged: single hosts only, in the networks that this installation allows.
import ipaddr from 'ipaddr.js'
import type { Config } from '#lib/config.ts'

type Ip = ipaddr.IPv4 | ipaddr.IPv6
type Network = { text: string; base: Ip; bits: number }

/** The networks of NETWORKS_ALLOWED (none means all) and NETWORKS_DENIED. */
export type NetworkPolicy = { allowed: Network[]; denied: Network[] }

/** No settings: refuses only what is never a single host. */
export const EVERY_NETWORK: NetworkPolicy = { allowed: [], denied: [] }

const NEVER: [string, string][] = [
  ['0.0.0.0/8', 'an unspecified address, no host'],
  ['255.255.255.255/32', 'the broadcast address; only single hosts are pinged'],
  ['224.0.0.0/4', 'a multicast address; only single hosts are pinged'],
  ['240.0.0.0/4', 'a reserved address, no host'],
  ['::/128', 'an unspecified address, no host'],
  ['ff00::/8', 'a multicast address; only single hosts are pinged'],
]
const REFUSED = NEVER.map(([network, reason]) => ({ ...parseNetwork(network), reason }))

/** The policy of the settings; throws for an entry that is no network. */
export function readPolicy(
  config: Pick<Config, 'NETWORKS_ALLOWED' | 'NETWORKS_DENIED'>,
): NetworkPolicy {
  return {
    allowed: config.NETWORKS_ALLOWED.map(parseNetwork),
    denied: config.NETWORKS_DENIED.map(parseNetwork),
  }
}

/**
 * Why the address (an IP literal) may not be pinged; undefined where it may. An IPv4 address in
 * IPv6 clothes (::ffff:10.0.0.1) is judged as the IPv4 address that it is.
 */
export function mayPing(address: string, policy: NetworkPolicy): string | undefined {
  if (!ipaddr.isValid(address)) return 'not an IP address'
  const ip = ipaddr.process(address)
  const never = REFUSED.find((network) => contains(network, ip))
  if (never) return never.reason
  const denied = policy.denied.find((network) => contains(network, ip))
  if (denied) return `in ${denied.text}, which may not be pinged from here`
  if (policy.allowed.length > 0 && !policy.allowed.some((network) => contains(network, ip))) {
    return 'outside the networks that may be pinged from here'
  }
  return undefined
}

function contains({ base, bits }: Network, ip: Ip): boolean {
  return base.kind() === ip.kind() && ip.match(base, bits)
}

function parseNetwork(text: string): Network {
  const [base, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : wholeAddress(text)
  // A network of IPv4-mapped addresses means the IPv4 network inside.
  if (base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && bits >= 96) {
    return { text, base: base.toIPv4Address(), bits: bits - 96 }
  }
  return { text, base, bits }
}

function wholeAddress(text: string): [Ip, number] {
  const base = ipaddr.parse(text)
  return [base, base.kind() === 'ipv4' ? 32 : 128]
}
