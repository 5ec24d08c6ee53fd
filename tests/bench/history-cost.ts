// What storing ten thousand samples a second costs PostgreSQL, compaction included.
import { setTimeout as pause } from 'node:timers/promises'
import { type Db, inTransaction } from '#lib/db/client.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { HOUR_MS, hotSince, keepHotHours } from '#lib/samples/hot-hours.ts'
import { listUnsummedHours, sumHour } from '#lib/samples/sum-hour.ts'
import { storeFlush } from '#lib/samples/write.ts'
import { tableOf } from '../support/printed-page.ts'
import { familyCpuSeconds } from './children.ts'
import { sized } from './command-line.ts'
import { tableOfGoals } from './goal.ts'
import { openInstallation } from './lone-worker.ts'
import { makeHour, makeProbes } from './made-up-history.ts'

const RATE = 10_000
const FLUSHES_A_SECOND = 4
const STORE_SECONDS = sized(60, 4)
/** Of a whole hour each: what a compaction costs an echo hardly depends on their number. */
const COMPACTED_PROBES = sized(1_000, 20)
const ECHOES_AN_HOUR = 3_600

export async function measureStoring(): Promise<string[]> {
  const { ctx, pid, close } = await openInstallation()
  try {
    await makeProbes(ctx.db, RATE)
    const cpu = () => familyCpuSeconds(pid)
    const storing = await costOf(cpu, () => storeFlushes(ctx.db))
    const storingShare = storing / STORE_SECONDS
    const hour = new Date(hotSince(new Date()).getTime() - HOUR_MS)
    await keepHotHours(ctx.db, hour)
    await makeHour(ctx.db, hour, COMPACTED_PROBES)
    const echoes = COMPACTED_PROBES * ECHOES_AN_HOUR
    const summing = (await costOf(cpu, () => sumAll(ctx.db))) / echoes
    const compacting = (await costOf(cpu, () => compactAll(ctx.db))) / echoes
    const all = storingShare + (summing + compacting) * RATE
    const share = (part: number) => `${(part * 100).toFixed(1)} %`
    return [
      `${RATE} results a second in ${FLUSHES_A_SECOND} flushes, for ${STORE_SECONDS} s; an hour of ${COMPACTED_PROBES} targets summed up and compacted.`,
      '',
      ...tableOf(
        ['PostgreSQL', 'CPU an echo', 'Of a core, at 10,000 a second'],
        [
          ['storing', `${micro(storingShare / RATE)} µs`, share(storingShare)],
          ['summing up', `${micro(summing)} µs`, share(summing * RATE)],
          ['compaction', `${micro(compacting)} µs`, share(compacting * RATE)],
        ],
      ),
      '',
      ...tableOfGoals([
        {
          subject: 'CPU of PostgreSQL at 10,000 samples a second',
          measured: [all * 100],
          limit: 8,
          unit: '% of a core',
        },
      ]),
    ]
  } finally {
    await close()
  }
}

async function costOf(cpu: () => number, work: () => Promise<void>): Promise<number> {
  const before = cpu()
  await work()
  return cpu() - before
}

async function storeFlushes(db: Db): Promise<void> {
  const count = RATE / FLUSHES_A_SECOND
  const startMs = performance.now()
  for (let turn = 0; turn < STORE_SECONDS * FLUSHES_A_SECOND; turn += 1) {
    const atMs = Date.now()
    const probeIds = Array.from(
      { length: count },
      (_, i) => 1 + (turn % FLUSHES_A_SECOND) * count + i,
    )
    const flush = {
      probeIds,
      atMs: probeIds.map((_, i) => atMs + Math.floor((i * 250) / count)),
      rttUs: probeIds.map((id) => 500 + ((id * 7_919 + turn * 31) % 4_000)),
    }
    await inTransaction({ db }, ({ tx }) => storeFlush(tx, flush))
    const dueMs = startMs + ((turn + 1) * 1_000) / FLUSHES_A_SECOND
    await pause(Math.max(0, dueMs - performance.now()))
  }
}

async function sumAll(db: Db): Promise<void> {
  for (const hour of await listUnsummedHours(db, new Date())) await sumHour(db, hour)
}

async function compactAll(db: Db): Promise<void> {
  for (const heap of await listClosedHours(db, new Date(), new Date(0))) await compactHour(db, heap)
}

const micro = (seconds: number) => (seconds * 1e6).toFixed(1)
