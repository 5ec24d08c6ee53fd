import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { fault } from './fault.ts'
import { watchProgram } from './watched-program.ts'

const ADDRESSES = 20
const PERIOD_MS = 300

fault({
  fault: `The backends that listen are terminated every ${PERIOD_MS} ms`,
  holds: 'every stored sample arrives at the reader, over the one connection it has',
  short: { seconds: 4 },
  full: { seconds: 30 },
  async prove({ seconds }, measured) {
    const { reader, sql, holes, storedTimes, close } = await watchProgram({ addresses: ADDRESSES })
    try {
      let terminated = 0
      for (const endMs = Date.now() + seconds * 1_000; Date.now() < endMs; await pause(PERIOD_MS)) {
        const backends = await sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'echowall-listen'`
        terminated += backends.length
      }
      const missing = await holes()
      const stored = (await storedTimes()).flat().length
      measured(`${seconds} s, ${terminated} backends terminated`)
      measured(`${missing.length} of ${stored} stored samples missing`)
      expect(missing).toEqual([])
      expect(terminated).toBeGreaterThan(seconds)
      expect(reader.frames.filter(({ type }) => type === 'welcome')).toHaveLength(1)
    } finally {
      await close()
    }
  },
})
