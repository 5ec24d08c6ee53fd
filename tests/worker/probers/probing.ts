// Probes with defaults, and a prober whose results and failures are kept for looking at.
import type { EchoResult, Probe, Prober, ProberOptions } from '../../../worker/prober.ts'

export function probeOf(probe: Partial<Probe> & { id: number }): Probe {
  return {
    address: '127.0.0.1',
    intervalMs: 200,
    timeoutMs: 1_000,
    payloadBytes: 56,
    ttl: 64,
    dscp: 0,
    dontFragment: false,
    ...probe,
  }
}

export type Probing = {
  prober: Prober
  results: EchoResult[]
  failures: Error[]
  of(probeId: number): EchoResult[]
}

export async function openProbing(
  open: (options: ProberOptions) => Promise<Prober>,
): Promise<Probing> {
  const results: EchoResult[] = []
  const failures: Error[] = []
  const prober = await open({
    onResults: (batch) => void results.push(...batch),
    onFailure: (error) => void failures.push(error),
  })
  return { prober, results, failures, of }

  function of(probeId: number): EchoResult[] {
    return results.filter((result) => result.probeId === probeId)
  }
}

export function medianOf(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

export function roundTripsUs(results: EchoResult[]): number[] {
  return results.flatMap(({ outcome }) => (outcome.kind === 'reply' ? [outcome.rttUs] : []))
}
