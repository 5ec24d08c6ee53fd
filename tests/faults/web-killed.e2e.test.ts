import { expect } from 'vitest'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { openTab } from './tab.ts'
import { watchProgram } from './watched-program.ts'

/** So that the test measures the program and not itself. */
const OPENED_AT_ONCE = 50

fault({
  fault: 'The web process is killed (SIGKILL) under its readers',
  holds: '99 of 100 are back with their topic within 10 s, and all of them soon after',
  // Other suites may run beside the short form, and a program that starts among them takes longer.
  short: { readers: 50, withinMs: 30_000 },
  full: { readers: 500, withinMs: 10_000 },
  async prove({ readers, withinMs }, measured) {
    const { program, person, topic, close } = await watchProgram({ addresses: 2 })
    const tabs: ReturnType<typeof openTab>[] = []
    const untilAllSince = (ms: number, limitMs: number) =>
      until(() => tabs.every((tab) => tab.snapshotMs() > ms), limitMs, 'all readers')
    try {
      while (tabs.length < readers) {
        const count = Math.min(OPENED_AT_ONCE, readers - tabs.length)
        for (let i = 0; i < count; i += 1) tabs.push(openTab(program.url, person, topic))
        await untilAllSince(0, 15_000)
      }
      const pid = await program.pid('web')
      const killedMs = performance.now()
      process.kill(pid, 'SIGKILL')
      await untilAllSince(killedMs, withinMs * 3)
      const waits = tabs.map((tab) => tab.snapshotMs() - killedMs).sort((a, b) => a - b)
      const p99 = waits[Math.ceil(waits.length * 0.99) - 1] ?? Number.NaN
      measured(`${readers} readers, first back after ${seconds(waits[0])}`)
      measured(`p99 ${seconds(p99)}, last ${seconds(waits.at(-1))}`)
      expect(await program.pid('web')).not.toBe(pid)
      expect(p99).toBeLessThan(withinMs)
    } finally {
      for (const tab of tabs) tab.close()
      await close()
    }
  },
})

const seconds = (ms = Number.NaN) => `${(ms / 1_000).toFixed(1)} s`
