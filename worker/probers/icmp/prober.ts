// The icmp prober as the worker sees it: starts the engine's thread and talks to it.
import { endianness } from 'node:os'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Log } from '#lib/log.ts'
import { NO_COUNTS, type Prober, type ProberOptions } from '../../prober.ts'
import {
  type Command,
  type ThreadData,
  type ThreadMessage,
  unpackResults,
} from './thread-messages.ts'

// Taking in a thousand costs the engine some 5 ms, during which it sends nothing.
const PROBES_PER_COMMAND = 500

// What an echo leaves behind dies young: more room for it would only be memory written once.
const YOUNG_MB = 2

export type IcmpProberOptions = ProberOptions & { log?: Log }

/** Rejects, with a sentence for the operator, where no ICMP socket may be opened. */
export async function createIcmpProber(options: IcmpProberOptions): Promise<Prober> {
  requireKnownPlatform()
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const { port1: commands, port2 } = new MessageChannel()
  const data: ThreadData = { signal, commands: port2, sources: options.sources ?? [] }
  const thread = new Worker(new URL('./thread.mjs', import.meta.url), {
    workerData: data,
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const sockets = await untilReady(thread).catch((error) => {
    commands.close()
    throw error
  })
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  let counters = NO_COUNTS
  let isOpen = true

  options.log?.info({ sockets }, 'icmp sockets are open')
  thread.on('message', receive)
  thread.on('error', fail)
  thread.on('exit', () => fail(new Error('The thread of the icmp prober has ended.')))

  return {
    name: 'icmp',
    advice: undefined,
    start(probes) {
      for (let at = 0; at < probes.length; at += PROBES_PER_COMMAND) {
        command({ kind: 'start', probes: probes.slice(at, at + PROBES_PER_COMMAND) })
      }
    },
    stop: (probeIds) => command({ kind: 'stop', probeIds }),
    counters: () => ({ ...counters }),
    async close() {
      command({ kind: 'close' })
      isOpen = false
      await ended
      commands.close()
    },
  }

  function command(message: Command): void {
    if (!isOpen) return
    commands.postMessage(message)
    Atomics.add(signal, 0, 1)
    Atomics.notify(signal, 0)
  }

  function receive(message: ThreadMessage): void {
    if (message.kind !== 'results') return
    counters = message.counters
    if (isOpen && message.results.rows.length > 0) {
      options.onResults(unpackResults(message.results))
    }
  }

  function fail(error: Error): void {
    if (!isOpen) return
    isOpen = false
    commands.close()
    options.onFailure(error)
  }
}

function untilReady(thread: Worker): Promise<string[]> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('The thread of the icmp prober did not start.')))
    thread.once('message', (message: ThreadMessage) => {
      if (message.kind === 'ready') resolve(message.sockets)
      if (message.kind !== 'refused') return
      reject(new Error(message.reason))
    })
  })
}

// The layouts of libc's structures are those of 64-bit little-endian Linux.
function requireKnownPlatform(): void {
  const isKnown =
    process.platform === 'linux' &&
    endianness() === 'LE' &&
    ['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch)
  if (isKnown) return
  const platform = `${process.platform} on ${process.arch}`
  throw new Error(`ICMP sockets are used on 64-bit Linux only; this is ${platform}.`)
}
