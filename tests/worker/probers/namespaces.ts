// Three network namespaces in a row, client, router, host: made for a test, then removed.
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'

export type Namespaces = {
  client: string
  /** Runs a command inside a namespace and gives what it printed. */
  runIn(namespace: string, command: string, ...args: string[]): string
  close(): void
}

const OPTIONS: ExecFileSyncOptions & { encoding: 'utf8' } = { encoding: 'utf8', stdio: 'pipe' }

/** The loss set for LOSSY, on the host that receives. */
export const LOSS_PERCENT = 30

/** Every address of the little network, by what becomes of an echo to it. */
export const HOST = { answering: '10.78.0.2', lossy: '10.78.0.3', silent: '10.78.0.4' }
export const ROUTER = { near: '10.77.0.1', near6: 'fd77::1' }
export const FAR = {
  answering6: 'fd78::2',
  unreachable: '10.79.0.1',
  prohibited: '10.80.0.1',
  blackholed: '10.81.0.1',
  routeless: '10.99.0.1',
  unreachable6: 'fd79::1',
}

/** Throws where root, iproute2 or nftables is missing; nothing is left behind then. */
function createNamespaces(): Namespaces {
  const id = `ew${process.pid}`
  const [client, router, host] = [`${id}c`, `${id}r`, `${id}h`]
  try {
    for (const name of [client, router, host]) {
      ip('netns', 'add', name)
      // Looking for duplicate addresses takes a second, in which IPv6 is dumb.
      sysctl(name, 'net/ipv6/conf/default/accept_dad', '0')
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    join(client, router, '77', { addresses: ['2'], mtu: 1_500 })
    join(host, router, '78', { addresses: ['2', '3', '4'], mtu: 1_300 })
    addRoutes()
    addRefusals()
    addLosses()
  } catch (error) {
    close()
    throw error
  }
  return { client, runIn, close }

  function join(
    name: string,
    via: string,
    net: string,
    { addresses, mtu }: { addresses: string[]; mtu: number },
  ): void {
    const near = `v${net}a${process.pid}`
    const far = `v${net}b${process.pid}`
    ip('link', 'add', near, 'netns', name, 'type', 'veth', 'peer', 'name', far, 'netns', via)
    for (const last of addresses) {
      ip('-n', name, 'address', 'add', `10.${net}.0.${last}/24`, 'dev', near)
      ip('-n', name, 'address', 'add', `fd${net}::${last}/64`, 'dev', near, 'nodad')
    }
    ip('-n', via, 'address', 'add', `10.${net}.0.1/24`, 'dev', far)
    ip('-n', via, 'address', 'add', `fd${net}::1/64`, 'dev', far, 'nodad')
    const [nearMac, farMac] = [`02:00:00:00:${net}:02`, `02:00:00:00:${net}:01`]
    ip('-n', name, 'link', 'set', near, 'address', nearMac, 'mtu', `${mtu}`, 'up')
    ip('-n', via, 'link', 'set', far, 'address', farMac, 'mtu', `${mtu}`, 'up')
    // Neighbours are known: on a link that just came up the first question for one may be lost.
    know(name, near, `10.${net}.0.1`, farMac)
    know(name, near, `fd${net}::1`, farMac)
    for (const last of addresses) {
      know(via, far, `10.${net}.0.${last}`, nearMac)
      know(via, far, `fd${net}::${last}`, nearMac)
    }
  }

  function know(name: string, device: string, address: string, mac: string): void {
    const entry = [address, 'lladdr', mac, 'dev', device, 'nud', 'permanent']
    ip('-n', name, 'neigh', 'replace', ...entry)
  }

  function addRoutes(): void {
    sysctl(router, 'net/ipv4/ip_forward', '1')
    sysctl(router, 'net/ipv6/conf/all/forwarding', '1')
    // A router may slow its errors down; here every one of them is wanted.
    sysctl(router, 'net/ipv4/icmp_ratelimit', '0')
    sysctl(router, 'net/ipv4/icmp_msgs_per_sec', '100000')
    sysctl(router, 'net/ipv4/icmp_msgs_burst', '100000')
    sysctl(router, 'net/ipv6/icmp/ratelimit', '0')
    for (const net of ['78', '79', '80', '81']) {
      ip('-n', client, 'route', 'add', `10.${net}.0.0/24`, 'via', ROUTER.near)
    }
    for (const net of ['78', '79']) {
      ip('-n', client, 'route', 'add', `fd${net}::/64`, 'via', ROUTER.near6)
    }
    // A packet is routed before it is refused.
    for (const net of ['79', '80']) {
      ip('-n', router, 'route', 'add', `10.${net}.0.0/24`, 'via', HOST.answering)
    }
    ip('-n', host, 'route', 'add', '10.77.0.0/24', 'via', '10.78.0.1')
    ip('-n', host, 'route', 'add', 'fd77::/64', 'via', 'fd78::1')
    ip('-n', router, 'route', 'add', 'blackhole', '10.81.0.0/24')
    ip('-n', router, 'route', 'add', 'unreachable', 'fd79::/64')
  }

  // Routes of type unreachable would do too, but the kernel answers those once a second only.
  function addRefusals(): void {
    filter(router, 'forward', [
      `ip daddr ${FAR.unreachable} reject with icmp type host-unreachable`,
      `ip daddr ${FAR.prohibited} reject with icmp type admin-prohibited`,
    ])
  }

  function addLosses(): void {
    filter(host, 'input', [
      `ip daddr ${HOST.lossy} numgen random mod 100 < ${LOSS_PERCENT} drop`,
      `ip daddr ${HOST.silent} drop`,
    ])
  }

  function filter(name: string, hook: string, rules: string[]): void {
    runIn(name, 'nft', 'add', 'table', 'ip', 'test')
    const chain = `{ type filter hook ${hook} priority 0; }`
    runIn(name, 'nft', 'add', 'chain', 'ip', 'test', hook, chain)
    for (const rule of rules) runIn(name, 'nft', 'add', 'rule', 'ip', 'test', hook, rule)
  }

  function sysctl(name: string, key: string, value: string): void {
    runIn(name, 'sh', '-c', `echo "${value}" > /proc/sys/${key}`)
  }

  // A namespace takes its links with it.
  function close(): void {
    const present = ip('netns', 'list')
    for (const name of [client, router, host]) {
      if (present.includes(name)) ip('netns', 'delete', name)
    }
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, OPTIONS)
}

function runIn(namespace: string, command: string, ...args: string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespace, command, ...args], OPTIONS)
}

/** The namespaces, or why this machine has none: what is then not tried. */
export function tryNamespaces(): { namespaces?: Namespaces; missing: string } {
  try {
    return { namespaces: createNamespaces(), missing: '' }
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    return { missing: `needs root, iproute2 and nftables: ${reason}` }
  }
}
