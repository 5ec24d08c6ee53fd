// The handshakes' own thread: nothing else keeps its event loop from seeing an answer.
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '#lib/clock.ts'
import type { EchoResult, Probe, ProberCounters } from '../../prober.ts'
import { createHandshakes } from './handshakes.ts'

export type Command =
  | { kind: 'start'; probes: Probe[] }
  | { kind: 'stop'; probeIds: number[] }
  | { kind: 'close' }

export type ThreadData = { sources: string[] }
export type Report = { results: EchoResult[]; counters: ProberCounters }

const POST_EVERY_MS = 50

const { sources }: ThreadData = workerData
let gathered: EchoResult[] = []
let posted = ''
const handshakes = createHandshakes({
  clock: systemClock,
  sources,
  onResult: (result) => void gathered.push(result),
})
const timer = setInterval(post, POST_EVERY_MS)

parentPort?.on('message', (command: Command) => {
  if (command.kind === 'start') handshakes.start(command.probes)
  if (command.kind === 'stop') handshakes.stop(command.probeIds)
  if (command.kind !== 'close') return
  clearInterval(timer)
  handshakes.close()
  parentPort?.close()
})

function post(): void {
  const report: Report = { results: gathered, counters: handshakes.counters() }
  const line = JSON.stringify(report.counters)
  if (gathered.length === 0 && line === posted) return
  posted = line
  gathered = []
  parentPort?.postMessage(report)
}
