import { expect } from 'vitest'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { watchProgram } from './watched-program.ts'

const NOTICED_WITHIN_MS = 12_000

fault({
  fault: 'The backends that listen are frozen (SIGSTOP)',
  holds: 'noticed within 12 s, told as `stale`, then `live` and caught up without a hole',
  // Not much is to be gained: the question that notices it comes every 10 s.
  short: { seconds: 12.5, addresses: 5 },
  full: { seconds: 15, addresses: 50 },
  async prove({ seconds, addresses }, measured) {
    const { reader, sql, holes, close } = await watchProgram({ addresses })
    const backends = [
      ...(await sql<{ pid: number }[]>`
        select pid from pg_stat_activity where application_name = 'echowall-listen'`),
    ]
    expect(backends).toHaveLength(2)
    try {
      const frozenMs = performance.now()
      for (const { pid } of backends) process.kill(pid, 'SIGSTOP')
      await until(() => reader.frames.some(({ type }) => type === 'stale'), NOTICED_WITHIN_MS)
      const noticedMs = performance.now() - frozenMs
      await until(() => performance.now() - frozenMs > seconds * 1_000, seconds * 1_000 + 1_000)
      thaw()
      await reader.next('live')
      const missing = await holes()
      measured(`frozen for ${seconds} s, noticed after ${(noticedMs / 1_000).toFixed(1)} s`)
      measured(`${missing.length} stored samples missing`)
      expect(missing).toEqual([])
    } finally {
      thaw()
      await close()
    }

    // Once only: whom its client has left ends as soon as it wakes.
    function thaw(): void {
      for (const { pid } of backends.splice(0)) process.kill(pid, 'SIGCONT')
    }
  },
})
