import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { createIcmpProber } from '../../../worker/probers/icmp/prober.ts'
import { readPingLine } from '../../../worker/probers/ping-output.ts'
import { until } from '../../support/until.ts'
import { medianOf, openProbing, probeOf, roundTripsUs } from './probing.ts'

const run = promisify(execFile)
const ECHOES = 30
/** The promise is 0.1 ms; a busy machine gets five times that. */
const ALLOWED_US = 500

it.for(['127.0.0.1', '127.0.0.2', '::1'])(
  "agrees with the system's ping at the median for %s",
  async (address, ctx) => {
    const probing = await openProbing(createIcmpProber).catch((error: Error) =>
      ctx.skip(`compared nothing: ${error.message}`),
    )
    const { prober, results } = probing
    try {
      prober.start([probeOf({ id: 1, address })])
      const args = ['-n', '-i', '0.2', '-c', `${ECHOES}`, address]
      const { stdout } = await run('ping', args).catch((error: Error) =>
        ctx.skip(`compared nothing, there is no working ping: ${error.message}`),
      )
      await until(() => results.length >= ECHOES)
      const theirs = medianOf(
        stdout.split('\n').flatMap((line) => {
          const heard = readPingLine(line)
          return heard?.kind === 'reply' ? [heard.rttMs * 1_000] : []
        }),
      )
      const ours = medianOf(roundTripsUs(results))
      expect(Math.abs(ours - theirs), `ours ${ours} µs, ping ${theirs} µs`).toBeLessThan(ALLOWED_US)
    } finally {
      await prober.close()
    }
  },
)
