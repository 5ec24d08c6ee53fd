// Where the live stream is: the same address over WebSocket and over Server-Sent Events.
import type { Config } from '#lib/config.ts'
import type { Stream } from './contract.ts'

/** Follows BASE_URL: the address people type is the one a script can reach. */
export function streamOf({ BASE_URL }: Pick<Config, 'BASE_URL'>): Stream {
  const sse = new URL('/live', BASE_URL).href
  return { ws: sse.replace(/^http/, 'ws'), sse }
}
