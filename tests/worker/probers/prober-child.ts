// A prober in a process of its own, for namespaces and fewer rights: prints one JSON report.
import { setTimeout as pause } from 'node:timers/promises'
import type { EchoResult, Probe, ProberCounters } from '../../../worker/prober.ts'
import { openProber, type ProberChoice } from '../../../worker/probers/choose.ts'
import { openProbing } from './probing.ts'

export type ChildTask = { choice: ProberChoice; probes: Probe[]; measureMs: number }

export type ChildReport =
  | { refused: string }
  | { name: string; advice?: string; results: EchoResult[]; counters: ProberCounters }

async function measure({ choice, probes, measureMs }: ChildTask): Promise<ChildReport> {
  try {
    const { prober, results } = await openProbing((options) => openProber(choice, options))
    prober.start(probes)
    await pause(measureMs)
    prober.stop(probes.map(({ id }) => id))
    // The last timeout, and a moment for the last results to come over.
    await pause(Math.max(0, ...probes.map(({ timeoutMs }) => timeoutMs)) + 700)
    const counters = prober.counters()
    await prober.close()
    return { name: prober.name, advice: prober.advice, results, counters }
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) }
  }
}

const [task = '{}'] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await measure(JSON.parse(task))))
