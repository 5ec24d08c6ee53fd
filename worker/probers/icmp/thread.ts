// The engine's own thread: takes commands, turns the engine, posts results, sleeps.
import { randomFillSync } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { getSystemErrorName } from 'node:util'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { toDestination } from './destination.ts'
import { createEngine } from './engine.ts'
import { goFirst } from './libc.ts'
import type { Family } from './packet.ts'
import { openRoad, type Road } from './road.ts'
import type { Command, ThreadData, ThreadMessage } from './thread-messages.ts'
import { createResultPacker } from './thread-messages.ts'

// Each post wakes the main thread, which costs it 100 µs and more.
const POST_EVERY_MS = 80

const { signal, commands, sources }: ThreadData = workerData
const drawWord = createRandomWords()
const roads = openRoads()
// A busy machine delays its other work rather than the measuring.
goFirst(-10)
if (roads.length > 0) run()
commands.close()

function run(): void {
  const packer = createResultPacker()
  const engine = createEngine({ roads, drawNonce: drawWord, onResult: packer.add })
  let postedAtMs = performance.now()
  let posted = engine.counters()
  let heeded = Number.NaN
  let isOpen = true

  post({ kind: 'ready', sockets: roads.map(({ family, kind }) => `IPv${family} ${kind}`) })
  try {
    while (isOpen) {
      // Read before the command: one that comes after it ends the sleep at once.
      const seen = Atomics.load(signal, 0)
      const command = seen === heeded ? undefined : takeCommand()
      if (!command) heeded = seen
      const idleMs = engine.turn()
      postResults()
      if (command) continue
      Atomics.wait(signal, 0, seen, packer.size() > 0 ? Math.min(idleMs, POST_EVERY_MS) : idleMs)
    }
  } finally {
    for (const road of roads) road.close()
  }

  // One at a time: a long list of probes must not hold up the echoes of the others.
  function takeCommand(): Command | undefined {
    const command: Command | undefined = receiveMessageOnPort(commands)?.message
    if (command?.kind === 'start') engine.start(command.probes)
    if (command?.kind === 'stop') engine.stop(command.probeIds)
    if (command?.kind === 'close') isOpen = false
    return command
  }

  function postResults(): void {
    if (performance.now() - postedAtMs < POST_EVERY_MS) return
    const counters = engine.counters()
    const isNews = packer.size() > 0 || JSON.stringify(counters) !== JSON.stringify(posted)
    if (!isNews) return
    post({ kind: 'results', results: packer.take(), counters })
    postedAtMs = performance.now()
    posted = counters
  }
}

function openRoads(): Road[] {
  const opened: Road[] = []
  const [identifier, tag] = [drawWord() & 0xffff, drawWord()]
  let refusal = ''
  const families: Family[] = [4, 6]
  for (const family of families) {
    const address = sources.find((source) => source.includes(':') === (family === 6))
    const source = address === undefined ? undefined : toDestination(address)
    const road = openRoad({ family, identifier, tag, source })
    if ('send' in road) opened.push(road)
    else if (address === undefined) refusal ||= nameOf(road.refusedErrno)
    // To ping from another address than the one asked for would be to measure another path.
    else return refuse(`Pings cannot leave from ${address} (${nameOf(road.refusedErrno)}).`)
  }
  return opened.length > 0
    ? opened
    : refuse(`This process may not open an ICMP socket (${refusal}).`)
}

function nameOf(refusedErrno: number): string {
  return getSystemErrorName(-refusedErrno)
}

function refuse(reason: string): [] {
  post({ kind: 'refused', reason })
  return []
}

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message)
}

// Unguessable, so that nobody can answer an echo that never reached them.
function createRandomWords(): () => number {
  const words = new Uint32Array(4_096)
  let next = words.length
  return () => {
    if (next === words.length) {
      randomFillSync(words)
      next = 0
    }
    const word = words[next] ?? 0
    next += 1
    return word
  }
}
