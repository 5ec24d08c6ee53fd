import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { startStoppablePostgres } from './stoppable-postgres.ts'
import { watchProgram } from './watched-program.ts'

const UP_WITHIN_MS = 3_000
/** The addresses are pinged once a second; nothing was left out while this holds. */
const LONGEST_STEP_MS = 1_500

fault({
  fault: 'PostgreSQL is stopped immediately and started again',
  holds:
    'no process ends, readers stay connected (`stale`, then `live` within 3 s of its start), and what was measured meanwhile is stored and told',
  short: { seconds: 3, addresses: 5 },
  full: { seconds: 10, addresses: 200 },
  async prove({ seconds, addresses }, measured) {
    const postgres = await startStoppablePostgres()
    const settings = { DATABASE_URL: postgres.url }
    const watched = await watchProgram({ addresses, settings }).catch(async (error) => {
      await postgres.close()
      throw error
    })
    const { program, reader } = watched
    try {
      const pids = await pidsOf(program)
      await postgres.stopImmediately()
      await reader.next('stale')
      await pause(seconds * 1_000)
      await postgres.start()
      const startedMs = performance.now()
      await until(() => reader.frames.some(({ type }) => type === 'live'), 15_000, 'live')
      const upMs = performance.now() - startedMs
      // As long again: an echo that came late would show as a step.
      await pause(LONGEST_STEP_MS * 2)
      const missing = await watched.holes()
      const longest = longestStep(await watched.storedTimes())
      measured(`away for ${seconds} s, live ${Math.round(upMs)} ms after its start`)
      measured(`longest step between two stored echoes of an address ${longest} ms`)
      measured(`${missing.length} stored samples missing`)
      expect(await pidsOf(program)).toEqual(pids)
      expect(reader.frames.filter(({ type }) => type === 'welcome')).toHaveLength(1)
      expect(upMs).toBeLessThan(UP_WITHIN_MS)
      expect(longest).toBeLessThan(LONGEST_STEP_MS)
      expect(missing).toEqual([])
    } finally {
      await watched.close()
      await postgres.close()
    }
  },
})

async function pidsOf(program: { pid(role: 'web' | 'worker'): Promise<number> }) {
  return [await program.pid('web'), await program.pid('worker')]
}

function longestStep(times: number[][]): number {
  const steps = times.flatMap((one) => one.slice(1).map((at, i) => at - (one[i] ?? at)))
  return Math.round(steps.reduce((a, b) => Math.max(a, b), 0))
}
