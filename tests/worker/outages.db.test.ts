import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inTransaction } from '#lib/db/client.ts'
import type { NewOutage } from '#lib/samples/outages.ts'
import { storeFlush } from '#lib/samples/write.ts'
import { createOutages, type Outages } from '../../worker/outages.ts'
import { codeOf } from '../../worker/outcome-code.ts'
import type { Outcome } from '../../worker/prober.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeProbe } from '../support/measured-group.ts'

const LOST: Outcome = { kind: 'lost' }
const REPLY: Outcome = { kind: 'reply', rttUs: 100 }
const REFUSED: Outcome = { kind: 'unreachable', from: '127.0.0.254', code: 13 }

describe('outages', () => {
  let database: TestDatabase
  let probeId: number
  let outages: Outages
  let opened: NewOutage[]
  const startMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
  beforeEach(async () => {
    database = await createTestDatabase()
    probeId = await makeProbe(database.db, '127.0.0.1')
    opened = []
    outages = createWorker()
  })
  afterEach(() => database.close())

  function createWorker(): Outages {
    return createOutages({ onOpened: (found) => void opened.push(...found) })
  }

  /** One flush: an outcome for each second named, counted from the start. */
  async function flush(outcomes: [second: number, outcome: Outcome][], worker = outages) {
    const results = outcomes.map(([, outcome]) => ({ probeId, sentSteadyMs: 0, outcome }))
    const columns = {
      probeIds: results.map(() => probeId),
      atMs: outcomes.map(([second]) => startMs + second * 1_000),
      rttUs: outcomes.map(([, outcome]) => codeOf(outcome)),
    }
    await inTransaction({ db: database.db }, async ({ tx }) => {
      await storeFlush(tx, columns)
      await worker.follow(tx, results, columns)
    })
  }

  /** Each as `start-end`, in seconds from the start. */
  async function stored(): Promise<string[]> {
    const rows = await database.sql<{ from: number; to: number | null }[]>`
      select extract(epoch from started_at)::float8 - ${startMs / 1_000} as from,
        extract(epoch from ended_at)::float8 - ${startMs / 1_000} as to
      from outages order by started_at`
    return rows.map(({ from, to }) => `${from}-${to ?? ''}`)
  }

  it('begin with the third loss in a row, dated from the first, and end with the next answer', async () => {
    await flush([
      [0, REPLY],
      [1, LOST],
      [2, LOST],
    ])
    expect(await stored()).toEqual([])
    await flush([[3, LOST]])
    expect(await stored()).toEqual(['1-'])
    expect(opened).toMatchObject([{ probeId, address: '127.0.0.1', hasError: false }])
    await flush([
      [4, LOST],
      [5, LOST],
    ])
    await flush([
      [6, REPLY],
      [7, REPLY],
    ])
    expect(await stored()).toEqual(['1-6'])
    expect(opened).toHaveLength(1)
  })

  it('are none where an answer stands between the losses', async () => {
    await flush([
      [1, LOST],
      [2, LOST],
      [3, REPLY],
      [4, LOST],
      [5, LOST],
      [6, REPLY],
    ])
    expect(await stored()).toEqual([])
  })

  it('are told whole when losses are known only after later answers came', async () => {
    await flush([
      [0, REPLY],
      [4, REPLY],
      [5, REPLY],
    ])
    await flush([
      [1, LOST],
      [2, LOST],
    ])
    await flush([[3, LOST]])
    expect(await stored()).toEqual(['1-4'])
    expect(opened).toEqual([])
  })

  it('keep the ICMP error and who told it, also when it is told later', async () => {
    await flush([
      [1, LOST],
      [2, LOST],
      [3, LOST],
    ])
    await flush([
      [4, REFUSED],
      [5, { ...REFUSED, from: '127.0.0.253' }],
    ])
    await flush([[6, { kind: 'ttl-exceeded', from: '127.0.0.252' }]])
    const rows = await database.sql`select outcome, error_code, error_from from outages`
    expect(rows).toMatchObject([{ outcome: -2, error_code: 13, error_from: '127.0.0.254' }])
  })

  it('are closed by the worker that has the shard now', async () => {
    await flush([
      [1, LOST],
      [2, LOST],
      [3, LOST],
    ])
    const other = createWorker()
    await flush([[4, LOST]], other)
    await flush([[5, REPLY]], other)
    expect(await stored()).toEqual(['1-5'])
    outages.refresh()
    await flush([
      [6, LOST],
      [7, LOST],
      [8, LOST],
    ])
    expect(await stored()).toEqual(['1-5', '6-'])
  })

  it('cost no statement while nothing changes: what answers answers, what is dark stays dark', async () => {
    await flush([
      [1, LOST],
      [2, LOST],
      [3, LOST],
    ])
    await inTransaction({ db: database.db }, async ({ tx }) => {
      const statements = vi.spyOn(tx, 'execute')
      const results = [
        { probeId, sentSteadyMs: 0, outcome: LOST },
        { probeId: probeId + 1, sentSteadyMs: 0, outcome: REPLY },
      ]
      const atMs = [startMs + 4_000, startMs + 4_000]
      const columns = { probeIds: [probeId, probeId + 1], atMs, rttUs: [-1, 100] }
      await outages.follow(tx, results, columns)
      expect(statements).not.toHaveBeenCalled()
    })
  })

  it('are not remembered from a flush that was rolled back', async () => {
    const columns = { probeIds: [probeId], atMs: [startMs + 3_000], rttUs: [-1] }
    await flush([
      [1, LOST],
      [2, LOST],
    ])
    await inTransaction({ db: database.db }, async ({ tx }) => {
      await storeFlush(tx, columns)
      await outages.follow(tx, [{ probeId, sentSteadyMs: 0, outcome: LOST }], columns)
      throw new Error('rolled back')
    }).catch(() => undefined)
    expect(opened).toEqual([])
    await flush([[3, LOST]])
    expect(await stored()).toEqual(['1-'])
  })
})
