// Ping parameters as columns of a row and as the world sees them.
import type { groups } from '#lib/db/schema.ts'
import type { PingParameters } from './contract.ts'

type Columns = Pick<
  typeof groups.$inferSelect,
  'intervalMs' | 'timeoutMs' | 'payloadBytes' | 'ttl' | 'dscp' | 'dontFragment' | 'family'
>

export function toColumns(parameters: PingParameters): Columns {
  return {
    intervalMs: parameters.interval_ms,
    timeoutMs: parameters.timeout_ms,
    payloadBytes: parameters.payload_bytes,
    ttl: parameters.ttl,
    dscp: parameters.dscp,
    dontFragment: parameters.dont_fragment,
    family: parameters.family === 'any' ? 0 : parameters.family,
  }
}

export function toParameters(columns: Columns): PingParameters {
  const { family } = columns
  return {
    interval_ms: columns.intervalMs,
    timeout_ms: columns.timeoutMs,
    payload_bytes: columns.payloadBytes,
    ttl: columns.ttl,
    dscp: columns.dscp,
    dont_fragment: columns.dontFragment,
    family: family === 4 || family === 6 ? family : 'any',
  }
}
