// The engine in a process of its own: pings a task's addresses, prints one report.
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { createIcmpProber } from '../../worker/probers/icmp/prober.ts'

export type EngineTask = {
  addresses: string[]
  intervalMs: number
  measureMs: number
  /** Between the start of the probes and the measuring; 5 s unless given. */
  warmUpMs?: number
  /** Whether the report tells every one; they take memory. */
  tellsRoundTrips?: boolean
}

/** Of one echo that was answered: which address, when it left (steady time), its round trip. */
export type RoundTrip = [address: number, sentMs: number, rttUs: number]

export type EngineReport = {
  sent: number
  lost: number
  unsent: number
  overdue: number
  receiveDrops: number
  /** Of the whole process, an echo; and how much of it in the kernel. */
  cpuUs: number
  kernelUs: number
  p50Us: number
  roundTrips: RoundTrip[]
  /** Before the probes were started, and when they had been measured. */
  residentBytes: { before: number; after: number }
}

const USUAL_WARM_UP_MS = 5_000
const TIMEOUT_MS = 1_000

process.stdout.write(JSON.stringify(await measure(JSON.parse(await text(process.stdin)))))

async function measure(task: EngineTask): Promise<EngineReport> {
  const { addresses, intervalMs, measureMs } = task
  let isMeasuring = false
  let lost = 0
  // Counted rather than kept: kept they would be memory of this bench, 8 bytes an echo.
  const countOf = new Map<number, number>()
  const roundTrips: RoundTrip[] = []
  const prober = await createIcmpProber({
    onResults(results) {
      if (!isMeasuring) return
      for (const { probeId, sentSteadyMs, outcome } of results) {
        if (outcome.kind !== 'reply') {
          lost += 1
          continue
        }
        countOf.set(outcome.rttUs, (countOf.get(outcome.rttUs) ?? 0) + 1)
        if (task.tellsRoundTrips) roundTrips.push([probeId - 1, sentSteadyMs, outcome.rttUs])
      }
    },
    onFailure(error) {
      throw error
    },
  })
  await pause(TIMEOUT_MS)
  const resident = process.memoryUsage.rss()
  const manner = { timeoutMs: TIMEOUT_MS, payloadBytes: 56, ttl: 64, dscp: 0, dontFragment: false }
  prober.start(addresses.map((address, i) => ({ id: i + 1, address, intervalMs, ...manner })))
  await pause(task.warmUpMs ?? USUAL_WARM_UP_MS)

  isMeasuring = true
  const before = { counters: prober.counters(), cpu: process.cpuUsage() }
  await pause(measureMs)
  const { user, system } = process.cpuUsage(before.cpu)
  const after = prober.counters()
  const grown = process.memoryUsage.rss()
  // The last timeouts, while nothing new is counted as sent.
  prober.stop(addresses.map((_, i) => i + 1))
  await pause(TIMEOUT_MS + 500)
  await prober.close()
  const sent = after.sent - before.counters.sent
  return {
    sent,
    lost,
    unsent: after.unsent - before.counters.unsent,
    overdue: after.overdue - before.counters.overdue,
    receiveDrops: after.receiveDrops - before.counters.receiveDrops,
    cpuUs: (user + system) / sent,
    kernelUs: system / sent,
    p50Us: middleOf(countOf),
    roundTrips,
    residentBytes: { before: resident, after: grown },
  }
}

/** The median of values of which it is known how often each was there. */
function middleOf(countOf: Map<number, number>): number {
  const counted = [...countOf].sort(([a], [b]) => a - b)
  let left = counted.reduce((sum, [, count]) => sum + count, 0) / 2
  for (const [value, count] of counted) {
    left -= count
    if (left < 0) return value
  }
  return Number.NaN
}
