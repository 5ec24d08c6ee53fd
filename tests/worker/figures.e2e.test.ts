import { afterAll, beforeAll, expect, it } from 'vitest'
import { renderMetrics } from '#lib/http/metrics.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeMeasuredGroup } from '../support/measured-group.ts'
import { until } from '../support/until.ts'
import { createFleet, type Fleet } from './fleet.ts'

const HOSTS = [...Array(40).keys()].map((i) => `127.8.0.${i + 1}`)
/** Every worker tells its figures once in ten seconds. */
const TOLD_MS = 40_000

let database: TestDatabase
let fleet: Fleet
beforeAll(async () => {
  database = await createTestDatabase()
  fleet = createFleet(database)
  await makeMeasuredGroup(database.db, HOSTS, new Date())
})
afterAll(async () => {
  await fleet?.close()
  await database?.close()
})

const EACH = [
  ...['sent', 'late', 'duplicates', 'receiveDrops', 'unsent', 'overdue'].map(
    (fate) => `echowall_echoes_total{fate="${fate}"}`,
  ),
  'echowall_canary_round_trip_seconds{statistic="median"}',
  'echowall_samples_stored_total',
  'echowall_samples_forgone_total',
  'echowall_samples_waiting',
]

it('every worker’s echoes, floor, backlog and share are seen where any web process is asked', async () => {
  for (const _ of [1, 2]) fleet.start()
  await fleet.awaitShares([32, 32], 30_000)
  const log = createLog('silent')
  const told = await until(async () => {
    const figures = readFigures(await renderMetrics({ db: database.db, log }))
    const sum = (metric: string) => sumOf(figures.get(metric))
    const isDivided = sum('echowall_probes_held') === HOSTS.length
    const hasFloor =
      figures.get('echowall_canary_round_trip_seconds{statistic="median"}')?.size === 2
    return isDivided && sum('echowall_shards_held') === 64 && hasFloor ? figures : undefined
  }, TOLD_MS)
  for (const metric of EACH) expect([metric, told.get(metric)?.size]).toEqual([metric, 2])
  for (const metric of ['echowall_echoes_total{fate="sent"}', 'echowall_samples_stored_total'])
    for (const figure of told.get(metric)?.values() ?? []) expect(figure).toBeGreaterThan(0)
}, 90_000)

/** By metric and its own labels, of each worker. */
function readFigures(text: string): Map<string, Map<string, number>> {
  const figures = new Map<string, Map<string, number>>()
  for (const line of text.split('\n')) {
    const [, name = '', worker, labels, value] =
      /^(\w+)\{worker="([^"]+)",?(.*)\} (\S+)$/.exec(line) ?? []
    if (worker === undefined) continue
    const metric = labels ? `${name}{${labels}}` : name
    figures.set(metric, (figures.get(metric) ?? new Map()).set(worker, Number(value)))
  }
  return figures
}

function sumOf(figures: Map<string, number> = new Map()): number {
  return [...figures.values()].reduce((sum, figure) => sum + figure, 0)
}
