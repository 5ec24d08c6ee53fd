// What is asked, and where: an echo of a host, or the TCP handshake of its port.

/** A probe's kind, its canonical host, and the port of a TCP probe; 0 for an echo, which has none. */
export type Endpoint = { kind: 'icmp' | 'tcp'; host: string; port: number }

const TCP = /^tcp:\/\/(?:\[(.+)\]|(.+)):(\d+)$/

/** One text for each endpoint: `10.0.0.1`, `tcp://10.0.0.1:443`, `tcp://[::1]:443`. */
export function canonicalOf({ kind, host, port }: Endpoint): string {
  if (kind === 'icmp') return host
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The endpoint that a canonical text names. */
export function endpointOf(canonical: string): Endpoint {
  const [, bracketed, plain, port] = TCP.exec(canonical) ?? []
  const host = bracketed ?? plain
  return host
    ? { kind: 'tcp', host, port: Number(port) }
    : { kind: 'icmp', host: canonical, port: 0 }
}
