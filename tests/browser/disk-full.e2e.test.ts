import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#lib/db/client.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeColleague, makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'

const DISK_MB = 400
const RESERVE_MB = 40
const LIMIT_MS = 30_000

let disk: SmallDisk | undefined
let program: Program
let browser: Browser
let admin: Person
let groupId: string

beforeAll(async () => {
  disk = await mountSmallDisk(DISK_MB)
  if (!disk) return
  const settings = { DATA_DIR: `${disk.folder}/data`, DISK_RESERVE_MB: String(RESERVE_MB) }
  program = await startProgram(settings)
  admin = await signIn(program.url)
  groupId = (await makeGroup(admin, ['127.8.0.1'])).id
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
  await disk?.close()
})

async function openWall(person: Person, withoutWebSocket = false): Promise<Page> {
  const context = await openContext(browser, program.url, { person, withoutWebSocket })
  const page = await context.newPage()
  await page.goto('/')
  return page
}

const banner = (page: Page) => page.getByText('There is no room for results')
const standing = (page: Page) => page.locator('[data-standing]').getAttribute('data-standing')
const readiness = async () => {
  const answer = await fetch(`${program.url}/readyz`)
  const { storage } = (await answer.json()) as { storage: string }
  return { status: answer.status, storage }
}
const pids = async () => [await program.pid('web'), await program.pid('worker')]

async function countSince(from: Date): Promise<{ sent: number; not_measured: number }> {
  const query = new URLSearchParams({ floor_time: from.toISOString(), time_range: '3600' })
  return await admin.get(`/api/groups/${groupId}/success-rate?${query}`)
}

async function readAudit(): Promise<string[]> {
  const { sql, close } = openDatabase({ url: await program.databaseUrl(), name: 'a test' })
  const rows = await sql<{ to: string }[]>`
    select facts ->> 'to' as to from audit_events where action = 'storage.changed' order by id`
  await close()
  return rows.map(({ to }) => to)
}

describe('a disk that is about to be full', () => {
  it('is said to everybody, nothing is stored or shown as if it were, and all goes on once there is room', async (ctx) => {
    if (!disk) return ctx.skip('This needs the right to mount (root).')
    const [wall, stream] = [await openWall(admin), await openWall(admin, true)]
    await until(async () => (await standing(wall)) === 'answering', LIMIT_MS)
    const before = await pids()
    expect(await readiness()).toEqual({ status: 200, storage: 'ok' })

    await disk.fill(RESERVE_MB - 10)
    await banner(wall).waitFor({ timeout: LIMIT_MS })
    await banner(stream).waitFor({ timeout: LIMIT_MS })
    expect(await readiness()).toEqual({ status: 200, storage: 'full' })
    await until(async () => (await standing(wall)) === 'unmeasured', LIMIT_MS)
    const newcomer = await openWall(admin)
    await banner(newcomer).waitFor({ timeout: LIMIT_MS })
    const stoppedAt = new Date()
    await until(async () => (await countSince(stoppedAt)).not_measured > 0, LIMIT_MS)
    expect((await countSince(stoppedAt)).sent).toBe(0)
    expect(await disk.freeMegabytes()).toBeGreaterThan(RESERVE_MB / 2)

    await disk.clear()
    for (const page of [wall, stream, newcomer])
      await banner(page).waitFor({ state: 'hidden', timeout: LIMIT_MS })
    await until(async () => (await standing(wall)) === 'answering', LIMIT_MS)
    expect((await countSince(stoppedAt)).sent).toBeGreaterThan(0)
    expect(await pids()).toEqual(before)
    expect(await readAudit()).toEqual(['full', 'ok'])
  }, 180_000)

  it('warns administrators alone while results are still stored', async (ctx) => {
    if (!disk) return ctx.skip('This needs the right to mount (root).')
    const member = await makeColleague(program.url, admin)
    const [wall, other] = [await openWall(admin), await openWall(member)]
    await disk.fill(RESERVE_MB + 20)
    await wall.getByText('The room for results is running short.').waitFor({ timeout: LIMIT_MS })
    await until(async () => (await standing(wall)) === 'answering', LIMIT_MS)
    expect(await other.getByText('running short').count()).toBe(0)
    await wall.getByRole('link', { name: 'See storage' }).click()
    await wall.getByText('Room is running short; results are still stored.').waitFor()
    await disk.clear()
  }, 120_000)
})
