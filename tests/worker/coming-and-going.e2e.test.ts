import { afterEach, expect, it } from 'vitest'
import { createIcmpProber } from '../../worker/probers/icmp/prober.ts'
import { until } from '../support/until.ts'
import { openProbing, type Probing, probeOf } from './probers/probing.ts'

const PROBES = 2_000
const TURNS = 10
/** Until the echoes of the last seconds fill their table, and young garbage its room. */
const WARM_UP = 60
const ROUNDS = 40
/** So many bytes for each that came and went would be a leak: one remembered takes several hundred. */
const ALLOWED_BYTES = 50 * PROBES * TURNS * ROUNDS

let probing: Probing | undefined
afterEach(() => probing?.prober.close())

let lastId = 0
function newProbe(i: number, intervalMs = 3_600_000) {
  lastId += 1
  return probeOf({ id: lastId, address: `127.9.${i >> 8}.${i & 255}`, intervalMs })
}

/** Then one more is heard: all that was said before has been done. */
async function comeAndGo({ prober, of }: Probing): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const probes = Array.from({ length: PROBES }, (_, i) => newProbe(i))
    prober.start(probes)
    prober.stop(probes.map(({ id }) => id))
  }
  const last = newProbe(0, 200)
  prober.start([last])
  await until(() => of(last.id).length > 0, 20_000)
  prober.stop([last.id])
}

it('two million probes come and go, and nothing of them is kept', async (ctx) => {
  const opened = await openProbing(createIcmpProber).catch((error: Error) =>
    ctx.skip(`needs ICMP sockets: ${error.message}`),
  )
  probing = opened
  for (let round = 0; round < WARM_UP; round += 1) await comeAndGo(opened)
  const before = process.memoryUsage.rss()
  for (let round = 0; round < ROUNDS; round += 1) await comeAndGo(opened)
  expect(process.memoryUsage.rss() - before).toBeLessThan(ALLOWED_BYTES)
  expect(opened.failures).toEqual([])
}, 120_000)
