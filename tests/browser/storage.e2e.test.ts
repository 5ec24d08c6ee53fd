import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#lib/db/client.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { HOUR_MS } from '#lib/samples/hot-hours.ts'
import type { StorageUse } from '#lib/samples/storage-contract.ts'
import { makeHour } from '../bench/made-up-history.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeColleague, makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'

const DAY_MS = 24 * HOUR_MS
const PATH = '/admin/storage'

let program: Program
let browser: Browser
let admin: Person
let page: Page

beforeAll(async () => {
  program = await startProgram()
  admin = await signIn(program.url)
  await makeGroup(admin, ['127.9.1.1', '127.9.1.2'])
  const { db, close } = openDatabase({ url: await program.databaseUrl(), name: 'a test' })
  for (const days of [1, 2, 3, 4]) {
    const hour = Math.floor((Date.now() - days * DAY_MS) / HOUR_MS) * HOUR_MS
    await makeHour(db, new Date(hour), 2)
  }
  for (const heap of await listClosedHours(db, new Date(), new Date(0))) await compactHour(db, heap)
  await close()
  browser = await openBrowser()
})
beforeEach(async () => {
  const context = await openContext(browser, program.url, { person: admin })
  page = await context.newPage()
  return () => context.close()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

async function levelOf(name: string, query = '') {
  const { levels } = await admin.get<StorageUse>(`/api/settings/storage${query}`)
  const level = levels.find((one) => one.name === name)
  if (!level) throw new Error(`There is no level ${name}.`)
  return level
}
const days = (setting: string) => page.getByRole('spinbutton', { name: setting })

describe('the page of the store', () => {
  it('shows the disk, and for each level since when it reaches and what it takes', async () => {
    await page.goto(PATH)
    await page.getByRole('heading', { name: 'The disk of the database' }).waitFor()
    for (const name of ['hot', 'samples', 'minutes', 'hours', 'days', 'outages'])
      await page.locator(`[data-level="${name}"]`).waitFor()
    expect(await page.locator('[data-level="samples"]').textContent()).toMatch(/[\d.]+ [kM]B/)
    await page.getByText('Results are stored.').waitFor()
  })

  it('shows what a change would free and lead to, and the line that makes it', async () => {
    await page.goto(PATH)
    await days('Keep every result for').fill('2')
    await page.getByText(/^Frees [\d.]+ [kM]B at once;/).waitFor()
    await page.getByText('RAW_RETENTION_DAYS=2', { exact: true }).waitFor()
    await days('Keep every result for').fill('30')
    await page.getByText(/^Frees nothing; [\d.]+ [kM]B when full/).waitFor()
    await days('Keep every result for').fill('7')
    await page.getByText('RAW_RETENTION_DAYS=', { exact: false }).waitFor({ state: 'hidden' })
  })

  it('is worked by keys: the slider names the days it stands at', async () => {
    await page.goto(PATH)
    const slider = page.getByRole('slider', { name: 'Keep hours and days for' })
    await slider.focus()
    await page.keyboard.press('End')
    expect(await slider.getAttribute('aria-valuetext')).toBe('kept 3,660 days')
    await page.getByText('HOUR_RETENTION_DAYS=3660', { exact: true }).waitFor()
  })

  it('keeps what is typed until it is a number of days, and lets nothing else pass', async () => {
    await page.goto(PATH)
    const field = days('Keep every result for')
    await field.fill('400')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByText('RAW_RETENTION_DAYS=').count()).toBe(0)
    await field.blur()
    expect(await field.inputValue()).toBe('7')
  })

  it('does not exist for others, nor does what it shows', async () => {
    const colleague = await makeColleague(program.url, admin)
    expect((await colleague.ask('GET', PATH)).status).toBe(404)
    expect((await colleague.ask('GET', '/api/settings/storage')).status).toBe(403)
    expect((await fetch(`${program.url}/api/settings/storage`)).status).toBe(401)
  })

  it('answers scripts the same, and refuses days out of bounds', async () => {
    const { proposed, age_bytes } = await levelOf('samples', '?raw_days=2')
    expect(proposed?.freed_bytes).toBe(age_bytes.slice(2).reduce((sum, one) => sum + one, 0))
    expect(proposed?.freed_bytes).toBeGreaterThan(0)
    for (const query of ['raw_days=0', 'raw_days=367', 'minute_days=x', 'days=1'])
      expect((await admin.ask('GET', `/api/settings/storage?${query}`)).status).toBe(400)
  })
})
