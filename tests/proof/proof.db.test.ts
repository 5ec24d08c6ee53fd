import { desc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Config } from '#lib/config.ts'
import { auditEvents } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { SuccessRate } from '#lib/samples/contract.ts'
import * as successRate from '../../app/api/groups/[groupId]/success-rate/route.ts'
import * as proof from '../../app/api/groups/[groupId]/targets/[targetId]/proof/route.ts'
import { makeConfig, makeSession, makeUser, type TestUser } from '../support/factories.ts'
import { type MeasuredGroup, makeMeasuredGroup } from '../support/measured-group.ts'
import { letIn, makeProvenGroup } from '../support/proven-group.ts'
import { recount } from '../support/recount.ts'
import { callRoute } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'
import { newHost, second } from '../support/told-results.ts'
import { sha256, unzip } from '../support/unzipped.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
const iso = (seconds: number) => second(seconds).toISOString()
const WINDOW = `from=${iso(0)}&to=${iso(60)}`
let user: TestUser
let cookie: string
let group: MeasuredGroup
const paramsOf = (i = 0, of = group) => ({ groupId: of.id, targetId: of.targets[i]?.id ?? '' })

const openHouse = (config: Partial<Config> = {}) => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig(config) }
}

beforeAll(async () => {
  openHouse()
  user = await makeUser(db(), { name: '<b>张三</b>' })
  cookie = (await makeSession(db(), user)).cookie
  group = await makeProvenGroup(db(), user)
})

/** The answer as it is, with its files. */
async function packed(
  query: string,
  given: { params?: Record<string, string>; headers?: object } = {},
) {
  const { params = paramsOf(), headers = {} } = given
  const request = new Request(`http://127.0.0.1/api?${query}`, { headers: { cookie, ...headers } })
  const response = await proof.GET(request, { params: Promise.resolve(params) })
  expect(response.status).toBe(200)
  const zip = Buffer.from(await response.arrayBuffer())
  const files = unzip(zip)
  return { response, zip, files, text: (name: string) => String(files.get(name)) }
}
const rowsOf = (csv: string) =>
  csv
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','))

describe('a proof pack', () => {
  it('is one zip whose files have the checksums it says, and the trail that of the whole', async () => {
    const { response, zip, files, text } = await packed(WINDOW)
    expect(response.headers.get('content-type')).toBe('application/zip')
    expect(response.headers.get('content-disposition')).toMatch(
      /"proof-127\.5\.[\d.]+-\d{8}T\d{6}Z\.zip"/,
    )
    const names = [
      'samples.csv',
      'outages.json',
      'facts.json',
      'chart.svg',
      'report.html',
      'README.txt',
    ]
    expect([...files.keys()]).toEqual([...names, 'SHA256SUMS'])
    const sums = names.map((name) => `${sha256(files.get(name) ?? Buffer.of())}  ${name}\n`)
    expect(text('SHA256SUMS')).toBe(sums.join(''))
    const isIt = eq(auditEvents.subjectId, paramsOf().targetId)
    const [event] = await db().select().from(auditEvents).where(isIt).orderBy(desc(auditEvents.id))
    const facts = { from: iso(0), to: iso(60), sha256: sha256(zip) }
    expect(event).toMatchObject({ actorId: user.id, action: 'proof.packed', facts })
  })

  it('has the figures of the success rate, recounted from its results to the digit', async () => {
    const { text } = await packed(`${WINDOW}&time_zone=Asia/Shanghai`)
    const query = `?floor_time=${iso(0)}&time_range=60`
    const told = await callRoute(successRate, 'GET', {
      cookie,
      params: { groupId: group.id },
      query,
    })
    const { floor_time, time_range, targets: _, ...rate } = SuccessRate.parse(told.json)
    const facts = JSON.parse(text('facts.json'))
    expect(facts.figures).toEqual(rate)
    const rows = rowsOf(text('samples.csv'))
    expect(rows).toHaveLength(facts.single_results)
    const counted = rows.map(([at = '', , ms = '']) => ({ at, ms: ms === '' ? null : Number(ms) }))
    expect(rate).toMatchObject(recount([counted]))
    const local = new Date(Date.parse(iso(0)) + 8 * 3_600_000).toISOString().replace('Z', '+08:00')
    expect(rows[0]).toEqual([iso(0), local, '', 'unreachable'])
  })

  it('tells outages with their path, the floor, marks, and how was pinged', async () => {
    const { text } = await packed(WINDOW)
    expect(JSON.parse(text('outages.json'))).toMatchObject([
      {
        started_at: iso(0),
        ended_at: iso(4),
        error: { code: 1, from: '10.0.0.9' },
        path: [{ ttl: 1 }, {}],
      },
    ])
    expect(JSON.parse(text('facts.json'))).toMatchObject({
      group: { id: group.id },
      ...{ from: iso(0), to: iso(60), time_zone: 'UTC', single_results_since: null },
      made_by: { employee_no: user.employeeNo },
      runs: [{ from: iso(0), to: iso(60), interval_ms: 1_000, ttl: 64, addresses: [] }],
      floor: {
        median_ms: 0.055,
        max_ms: 0.07,
        lateness_ms: 0.04,
        echoes: 100,
        overdue: 3,
        unsent: 0,
      },
      marks: [{ text: 'new <fibre>' }],
    })
  })

  it('has a page without scripts or anything from elsewhere, in which nobody can write', async () => {
    const { text } = await packed(WINDOW)
    const page = text('report.html')
    expect(page).not.toMatch(/<script|<b>|<fibre>|src=|href=|url\(http/)
    expect(page).toContain('&#60;b&#62;张三&#60;/b&#62;')
    expect(page).toContain('<svg xmlns=')
    expect(page).toContain('unreachable, said 10.0.0.9 (ICMP code 1)')
    expect(text('README.txt')).toContain(
      `samples.csv: every single result: ${rowsOf(text('samples.csv')).length} rows`,
    )
  })

  it('is in the language of the reader, or the one that is asked for', async () => {
    const languageOf = async (query: string, headers = {}) =>
      /<html lang="([^"]+)"/.exec(
        (await packed(`${WINDOW}${query}`, { headers })).text('report.html'),
      )?.[1]
    expect(await languageOf('')).toBe('en')
    expect(await languageOf('', { 'accept-language': 'zh-TW' })).toBe('zh-CN')
    expect(await languageOf('', { cookie: `${cookie}; locale=zh-CN` })).toBe('zh-CN')
    expect(await languageOf('&locale=en', { 'accept-language': 'zh' })).toBe('en')
  })

  it('says since when single results are kept, and tells what is left of the time before', async () => {
    openHouse({ RAW_RETENTION_DAYS: 0 })
    const { text, files } = await packed(`from=${iso(-3_600)}&to=${iso(60)}`)
    openHouse()
    const facts = JSON.parse(text('facts.json'))
    const since = Math.floor(Date.now() / 3_600_000) * 3_600_000
    expect(Date.parse(facts.single_results_since)).toBe(Math.min(since, second(60).getTime()))
    expect([...files.keys()].slice(0, 2)).toEqual(['samples.csv', 'summaries.csv'])
    const summed = rowsOf(text('summaries.csv'))
    if (since >= second(60).getTime()) {
      expect(summed.map(([at, , seconds]) => [at, seconds])).toEqual([[iso(0), '60']])
      expect(Number(summed[0]?.[3])).toBe(facts.figures.sent)
    } else expect(rowsOf(text('samples.csv'))).toHaveLength(facts.figures.sent)
  })

  it('ends where results may still come', async () => {
    const open = await makeMeasuredGroup(db(), [newHost()], second(0))
    await letIn(db(), user, open)
    const facts = JSON.parse((await packed('', { params: paramsOf(0, open) })).text('facts.json'))
    const ago = Date.now() - Date.parse(facts.to)
    expect(ago).toBeGreaterThanOrEqual(3_000)
    expect(Date.parse(facts.to) - Date.parse(facts.from)).toBe(3_600_000)
  })
})
