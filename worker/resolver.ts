// Host names to addresses: the hosts file, then DNS; asked again at their age.
import { NODATA, NOTFOUND, Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import ipaddr from 'ipaddr.js'

/** `none`: the name does not exist. `unknown`: nobody could say, which is no fault of the name. */
export type Resolution =
  | { kind: 'found'; addresses: string[]; ttlSeconds: number }
  | { kind: 'none'; ttlSeconds: number }
  | { kind: 'unknown' }

export type NameResolver = {
  /** For names, not for literals. `family` 0 takes IPv4 addresses where there are any, else IPv6. Never throws. */
  resolve(host: string, family: number): Promise<Resolution>
}

const HOSTS_FILE =
  process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'
/** An entry of the hosts file has no age; it is read again as often as this. */
const HOSTS_TTL_SECONDS = 60
const TTL_SECONDS = { least: 5, most: 3_600, ofNone: 30 }

export type ResolverOptions = {
  /** Each an address, with a port or without; none means those of the system. */
  servers: string[]
  hostsFile?: string
}

// getaddrinfo tells no age and blocks its four threads for seconds; c-ares does neither.
export function createResolver({ servers, hostsFile = HOSTS_FILE }: ResolverOptions): NameResolver {
  const dns = new Resolver({ timeout: 2_000, tries: 2 })
  if (servers.length > 0) dns.setServers(servers)

  return {
    async resolve(host, family) {
      // RFC 6761 section 6.4: no name below .invalid exists, and nobody need be asked.
      if (/(^|\.)invalid$/.test(host)) return { kind: 'none', ttlSeconds: TTL_SECONDS.ofNone }
      const addresses = ofFamily(await readHosts(host), family)
      if (addresses.length > 0) return { kind: 'found', addresses, ttlSeconds: HOSTS_TTL_SECONDS }
      return await askDns(host, family)
    },
  }

  async function readHosts(host: string): Promise<string[]> {
    try {
      const text = await readFile(hostsFile, 'utf8')
      const found = addressesIn(text, host)
      // RFC 6761 section 6.3: localhost is always this machine.
      return found.length === 0 && host === 'localhost' ? ['127.0.0.1', '::1'] : found
    } catch {
      return host === 'localhost' ? ['127.0.0.1', '::1'] : []
    }
  }

  // Who cannot say anything of the one family is not asked for the other: silence costs seconds.
  async function askDns(host: string, family: number): Promise<Resolution> {
    for (const version of family === 0 ? [4, 6] : [family]) {
      try {
        const options = { ttl: true } as const
        const records = await (version === 4
          ? dns.resolve4(host, options)
          : dns.resolve6(host, options))
        const ttlSeconds = within(Math.min(...records.map(({ ttl }) => ttl)))
        const addresses = records.map(({ address }) => address)
        if (addresses.length > 0) return { kind: 'found', addresses, ttlSeconds }
      } catch (error) {
        if (!saysMissing(error)) return { kind: 'unknown' }
      }
    }
    return { kind: 'none', ttlSeconds: TTL_SECONDS.ofNone }
  }
}

/** The addresses that a hosts file gives for a name. */
export function addressesIn(hosts: string, name: string): string[] {
  const found: string[] = []
  for (const line of hosts.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (address && ipaddr.isValid(address) && names.some((n) => n.toLowerCase() === name)) {
      found.push(address)
    }
  }
  return found
}

function ofFamily(addresses: string[], family: number): string[] {
  const of = (version: number) => addresses.filter((a) => a.includes(':') === (version === 6))
  if (family !== 0) return of(family)
  return of(4).length > 0 ? of(4) : of(6)
}

function within(ttlSeconds: number): number {
  return Math.min(TTL_SECONDS.most, Math.max(TTL_SECONDS.least, ttlSeconds))
}

function saysMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === NOTFOUND || error.code === NODATA)
  )
}
