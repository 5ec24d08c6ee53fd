import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { openFlood } from './flood.ts'
import { openStallableReader, type StallableReader } from './stallable-reader.ts'
import { watchProgram } from './watched-program.ts'

/** Many at once: one alone would drown in the noise of garbage collection. */
const STALLED = 60
const ALLOWED_MIB = 2
const WARM_UP_SECONDS = 10
/** What the others' median may grow by on a machine that does other things, too. */
const ALLOWED_LATER_MS = 50

fault({
  fault: `${STALLED} readers stop reading under a flood of frames`,
  holds:
    'each costs the web process less than 2 MiB, the others hear as soon as before, and who reads on has missed nothing',
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
      const pid = await program.pid('web')
      const quick = await open()
      const slow = await Promise.all(Array.from({ length: STALLED }, open))
      const before = await peakMib(pid, flood.run(WARM_UP_SECONDS))
      const usual = median(quick.takeDelays())
      for (const reader of slow) reader.stall()
      const peak = await peakMib(pid, flood.run(seconds))
      const meanwhile = median(quick.takeDelays())
      for (const reader of slow) reader.readOn()
      const missing = await holes()
      const lacksNothing = (reader: StallableReader) =>
        [...quick.heard].every((sample) => reader.heard.has(sample))
      await until(() => slow.every(lacksNothing), 20_000).catch(() => undefined)
      const lacking = slow.filter((reader) => !lacksNothing(reader)).length
      const each = (peak - before) / STALLED
      measured(
        `${seconds} s, ${flood.sentMib()} MiB sent to each, ${each.toFixed(2)} MiB kept for each`,
      )
      measured(`median delay of the others ${usual} ms before, ${meanwhile} ms meanwhile`)
      const letGo = slow.filter((reader) => reader.timesLetGo() > 0).length
      measured(`${letGo} let go after a minute and back, ${lacking} lack a sample afterwards`)
      expect(each).toBeLessThan(ALLOWED_MIB)
      expect(meanwhile - usual).toBeLessThan(ALLOWED_LATER_MS)
      expect([lacking, missing]).toEqual([0, []])
    } finally {
      for (const reader of readers) reader.close()
      await flood.close()
      await close()
    }
  },
})

/** The most memory the process has while `work` lasts, in MiB (VmRSS). */
async function peakMib(pid: number, work: Promise<void>): Promise<number> {
  let isOver = false
  const finished = work.finally(() => {
    isOver = true
  })
  let peak = 0
  while (!isOver) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    peak = Math.max(peak, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024)
    await pause(200)
  }
  await finished
  return peak
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
