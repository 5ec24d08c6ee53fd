// The second choice: one process of the system's ping per address, read line by line.
import { isIP } from 'node:net'
import { type Clock, systemClock } from '#lib/clock.ts'
import type { Log } from '#lib/log.ts'
import {
  type EchoResult,
  NO_COUNTS,
  type Probe,
  type Prober,
  type ProberCounters,
  type ProberOptions,
} from '../prober.ts'
import { createPingProcess, type PingProcess } from './ping-process.ts'
import { findPingProgram } from './ping-program.ts'
import { createStartGate } from './start-gate.ts'

export type PingCommandOptions = ProberOptions & {
  /** What an operator should do to get the fast prober. */
  advice?: string
  log?: Log
  clock?: Clock
}

const STARTING_AT_ONCE = 8
// Beyond it, on raw sockets, every reply wakes every process: two cores are full at 2,000.
const MOST_PROCESSES = 2_000
const GATHER_MS = 20

/** Rejects, with a sentence for the operator, where there is no ping that may send. */
export async function createPingCommandProber(options: PingCommandOptions): Promise<Prober> {
  const { advice, log, clock = systemClock } = options
  const program = await findPingProgram(options.sources)
  const gate = createStartGate(STARTING_AT_ONCE)
  const processes = new Map<number, { probe: Probe; process: PingProcess }>()
  const waiting = new Map<number, Probe>()
  const closing = new Set<Promise<void>>()
  const former = { sent: 0, late: 0, duplicates: 0, unsent: 0 }
  let gathered: EchoResult[] = []
  let timer: NodeJS.Timeout | undefined
  let isOpen = true

  return {
    name: 'ping-command',
    advice,
    start(probes) {
      for (const probe of probes) startProbe(probe)
    },
    stop(probeIds) {
      for (const id of probeIds) stopProbe(id)
    },
    counters,
    async close() {
      isOpen = false
      clearTimeout(timer)
      for (const id of [...processes.keys()]) stopProbe(id)
      await Promise.all(closing)
    },
  }

  function startProbe(probe: Probe): void {
    // What is no address could be an option of ping.
    if (!isOpen || !isIP(probe.address)) return
    if (isSame(processes.get(probe.id)?.probe, probe)) return
    stopProbe(probe.id)
    if (processes.size >= MOST_PROCESSES) {
      if (waiting.size === 0) log?.warn({ most: MOST_PROCESSES }, 'too many ping processes')
      waiting.set(probe.id, probe)
      return
    }
    const process = createPingProcess({ probe, program, gate, clock, onResult: gather })
    processes.set(probe.id, { probe, process })
  }

  function stopProbe(id: number): void {
    waiting.delete(id)
    const entry = processes.get(id)
    if (!entry) return
    processes.delete(id)
    const closed = entry.process.close().finally(() => {
      addTo(former, entry.process)
      closing.delete(closed)
      startWaiting()
    })
    closing.add(closed)
  }

  function startWaiting(): void {
    const [probe] = waiting.values()
    if (!probe || processes.size >= MOST_PROCESSES) return
    waiting.delete(probe.id)
    startProbe(probe)
  }

  function gather(result: EchoResult): void {
    gathered.push(result)
    timer ??= setTimeout(handOver, GATHER_MS)
  }

  function handOver(): void {
    timer = undefined
    const results = gathered
    gathered = []
    options.onResults(results)
  }

  function counters(): ProberCounters {
    const sum = { ...former }
    for (const { process } of processes.values()) addTo(sum, process)
    return { ...NO_COUNTS, ...sum }
  }
}

function addTo(sum: ReturnType<PingProcess['counters']>, process: PingProcess): void {
  const { sent, late, duplicates, unsent } = process.counters()
  sum.sent += sent
  sum.late += late
  sum.duplicates += duplicates
  sum.unsent += unsent
}

function isSame(known: Probe | undefined, probe: Probe): boolean {
  return JSON.stringify(known) === JSON.stringify(probe)
}
