// The TCP prober as the worker sees it: its thread begins with the first probe.
import { Worker } from 'node:worker_threads'
import { NO_COUNTS, type Prober, type ProberOptions } from '../../prober.ts'
import type { Command, Report, ThreadData } from './thread.ts'

/** Needs no rights; a worker without TCP probes has no thread for them. */
export function createTcpProber(options: ProberOptions): Prober {
  let thread: Worker | undefined
  let isOpen = true
  let counters = NO_COUNTS

  return {
    name: 'tcp',
    advice: undefined,
    start(probes) {
      if (!isOpen || probes.length === 0) return
      thread ??= openThread()
      command({ kind: 'start', probes })
    },
    stop(probeIds) {
      if (isOpen) command({ kind: 'stop', probeIds })
    },
    counters: () => ({ ...counters }),
    async close() {
      if (!isOpen) return
      isOpen = false
      const running = thread
      if (!running) return
      const ended = new Promise((resolve) => running.once('exit', resolve))
      command({ kind: 'close' })
      await ended
    },
  }

  function command(message: Command): void {
    thread?.postMessage(message)
  }

  function openThread(): Worker {
    const workerData: ThreadData = { sources: options.sources ?? [] }
    const opened = new Worker(new URL('./thread.mjs', import.meta.url), { workerData })
    opened.on('message', (report: Report) => {
      counters = report.counters
      if (isOpen && report.results.length > 0) options.onResults(report.results)
    })
    opened.on('error', fail)
    opened.on('exit', () => fail(new Error('The thread of the TCP prober has ended.')))
    return opened
  }

  function fail(error: Error): void {
    if (!isOpen) return
    isOpen = false
    options.onFailure(error)
  }
}
