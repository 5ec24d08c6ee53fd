import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { openFlood } from './flood.ts'
import { openStallableReader, type StallableReader } from './stallable-reader.ts'
import { watchProgram } from './watched-program.ts'

const STALLED = 60
const ALLOWED_BYTES = 2 * 2 ** 20
/** So much at least waits for a reader who really does not read. */
const STALLED_BYTES = 256 * 2 ** 10
const WARM_UP_SECONDS = 10
/** What the others' median may grow by on a machine that does other things, too. */
const ALLOWED_LATER_MS = 50

fault({
  fault: `${STALLED} readers stop reading under a flood of frames`,
  holds:
    'none of them costs the web process 2 MiB, the others hear as soon as before, and who reads on has missed nothing',
  // Whoever takes nothing for a minute is let go, and comes back from its cursor.
  short: { seconds: 8 },
  full: { seconds: 60 },
  async prove({ seconds }, measured) {
    const { program, person, topic, holes, close } = await watchProgram({ addresses: 5 })
    const flood = await openFlood(program, person)
    const readers: StallableReader[] = []
    const open = async () => {
      const options = { url: program.url, person, topic, others: [flood.topic] }
      const reader = await openStallableReader(options)
      readers.push(reader)
      return reader
    }
    try {
      const quick = await open()
      const slow = await Promise.all(Array.from({ length: STALLED }, open))
      const before = await watchMemory(program.url, flood.run(WARM_UP_SECONDS))
      const usual = median(quick.takeDelays())
      for (const reader of slow) reader.stall()
      const after = await watchMemory(program.url, flood.run(seconds))
      const meanwhile = median(quick.takeDelays())
      const told = slow.map((reader) => reader.snapshots())
      for (const reader of slow) reader.readOn()
      const missing = await holes()
      const lacksNothing = (reader: StallableReader) =>
        [...quick.heard].every((sample) => reader.heard.has(sample))
      await until(() => slow.every(lacksNothing), 20_000).catch(() => undefined)
      // Of the flooded topic each was told no more: what it missed comes as a snapshot.
      const isToldAnew = (reader: StallableReader, i: number) => reader.snapshots() > (told[i] ?? 0)
      await until(() => slow.every(isToldAnew), 20_000, 'a snapshot of the flooded topic')
      const lacking = slow.filter((reader) => !lacksNothing(reader)).length
      const each = (after.kept - before.kept) / STALLED
      measured(`${seconds} s, ${flood.sentMib()} MiB sent to each`)
      measured(`${mib(after.most)} MiB wait for the slowest, ${mib(each)} MiB kept for each`)
      measured(`median delay of the others ${usual} ms before, ${meanwhile} ms meanwhile`)
      const letGo = slow.filter((reader) => reader.timesLetGo() > 0).length
      measured(`${letGo} let go after a minute and back, ${lacking} lack a sample afterwards`)
      expect(after.most).toBeGreaterThan(STALLED_BYTES)
      expect(after.most).toBeLessThan(ALLOWED_BYTES)
      expect(each).toBeLessThan(ALLOWED_BYTES)
      expect(meanwhile - usual).toBeLessThan(ALLOWED_LATER_MS)
      expect([lacking, missing]).toEqual([0, []])
    } finally {
      for (const reader of readers) reader.close()
      await flood.close()
      await close()
    }
  },
})

type Memory = {
  /** The least that the process had after its first garbage collections: the rest is garbage. */
  kept: number
  /** The most that waited for a single reader. */
  most: number
}

/** Watches the web process while `work` lasts; in bytes. */
async function watchMemory(url: string, work: Promise<void>): Promise<Memory> {
  let isOver = false
  const finished = work.finally(() => {
    isOver = true
  })
  const samples: Memory[] = []
  while (!isOver) {
    samples.push(await readMemory(url))
    await pause(200)
  }
  await finished
  // Whoever stalls has not yet been sent much at first.
  const settled = samples.slice(samples.length >> 1)
  const kept = settled.reduce(
    (least, sample) => Math.min(least, sample.kept),
    Number.POSITIVE_INFINITY,
  )
  const most = samples.reduce((peak, sample) => Math.max(peak, sample.most), 0)
  return { kept, most }
}

async function readMemory(url: string): Promise<Memory> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const figure = (name: string) =>
    Number(new RegExp(`^echowall_${name} (\\S+)`, 'm').exec(metrics)?.[1])
  return {
    kept: figure('nodejs_heap_size_used_bytes') + figure('nodejs_external_memory_bytes'),
    most: figure('live_buffered_most_bytes'),
  }
}

const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(2)

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
