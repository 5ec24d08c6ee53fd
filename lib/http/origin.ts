// Which origins may change anything: that of BASE_URL, and on loopback its other names.

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]']

/**
 * The origins whose pages may send changing requests and open live connections. `port` is the one
 * really listened on, where BASE_URL leaves the choice to the system (port 0).
 */
export function allowedOrigins(baseUrl: string, port?: number): string[] {
  const base = new URL(baseUrl)
  if (base.port === '0' && port !== undefined) base.port = String(port)
  const names = isLoopback(base.hostname) ? LOOPBACK_HOSTS : []
  const origins = names.map((name) => {
    const sibling = new URL(base)
    sibling.hostname = name
    return sibling.origin
  })
  return [...new Set([base.origin, ...origins])]
}

/** Whether a request with this Origin header comes from a page of ours; without one it does not. */
export function isAllowedOrigin(
  origin: string | undefined,
  { BASE_URL }: { BASE_URL: string },
  port?: number,
): boolean {
  return origin !== undefined && allowedOrigins(BASE_URL, port).includes(origin)
}

function isLoopback(hostname: string): boolean {
  return /^127(\.\d+){3}$/.test(hostname) || ['localhost', '[::1]'].includes(hostname)
}
