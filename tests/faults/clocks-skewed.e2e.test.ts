import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { openReader, samplesOf } from '../support/live-reader.ts'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { watchProgram } from './watched-program.ts'

const ALLOWED_MS = 2_000

fault({
  fault:
    'The clock of the web process is 5 minutes slow, the worker’s 5 minutes fast (as `Date` tells it)',
  holds:
    'samples, cursors and the time in frames are the database’s, and a reader resumes without a hole',
  short: { seconds: 3 },
  full: { seconds: 60 },
  async prove({ seconds }, measured) {
    const skewed = fileURLToPath(new URL('skewed-clock.mjs', import.meta.url))
    const settings = { NODE_OPTIONS: `--import=${skewed}` }
    const watched = await watchProgram({ addresses: 5, settings })
    const { program, person, topic, reader, sql } = watched
    try {
      const openedMs = performance.now()
      const first = await reader.next('event', ({ event }) => event.type === 'samples.arrived')
      await until(() => performance.now() - openedMs > seconds * 1_000, seconds * 1_000 + 5_000)
      const second = await openReader('websocket', program.url, person)
      const { now } = await second.next('welcome')
      const [row] = await sql<{ ms: number; newest: number }[]>`
        select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms,
          (extract(epoch from max(at)) * 1000)::float8 as newest
        from samples`
      if (!row) throw new Error('A query without a group answered no row.')
      await second.send({ type: 'follow', topic, since: first.cursor })
      await until(() => second.frames.flatMap(samplesOf).length > 0)
      second.close()
      const missing = await watched.holes()
      measured(
        `${seconds} s; frames ${Math.round(row.ms - Date.parse(now))} ms behind the database`,
      )
      measured(`newest sample ${Math.round(row.ms - row.newest)} ms old`)
      measured(`${missing.length} stored samples missing`)
      expect(Math.abs(row.ms - Date.parse(now))).toBeLessThan(ALLOWED_MS)
      expect(Math.abs(row.ms - row.newest)).toBeLessThan(ALLOWED_MS)
      expect(Math.abs(row.ms - Date.parse(first.cursor))).toBeLessThan(seconds * 1_000 + ALLOWED_MS)
      expect(missing).toEqual([])
    } finally {
      await watched.close()
    }
  },
})
