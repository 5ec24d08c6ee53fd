import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CreatedGroup } from '#lib/groups/contract.ts'
import type { SuccessRate } from '#lib/samples/contract.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

let program: Program
let browser: Browser
let person: Person
let context: BrowserContext
let page: Page
let group: CreatedGroup

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  group = await makeGroup(person, ['127.3.1.1 gate', '127.3.1.2', 'nowhere.invalid'])
  const rate = () => person.get<SuccessRate>(`/api/groups/${group.id}/success-rate`)
  await until(async () => (await rate()).targets.every(({ sent }) => sent > 2), 20_000)
  browser = await openBrowser()
  context = await openContext(browser, program.url, { person })
  page = await context.newPage()
  await page.goto('/')
})
afterAll(async () => {
  await context?.close()
  await browser?.close()
  await program?.stop()
})

const dialog = () => page.getByRole('dialog', { name: /^Success rate of/ })
const hosts = () =>
  dialog()
    .locator('[data-rate-host]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-rate-host')))
const cell = (host: string, column: string) =>
  dialog().locator(`[data-rate-host="${host}"] [data-rate=${column}]`)

describe('the success rate of a card', () => {
  it('is one click away, worst address first, each ratio with its coverage', async () => {
    const figure = page.locator('[data-figure=success]')
    await figure.click()
    await dialog().waitFor()
    await cell('127.3.1.1', 'success_rate').filter({ hasText: '100 %' }).waitFor()
    expect((await hosts())[0]).toBe('nowhere.invalid')
    expect(await cell('nowhere.invalid', 'success_rate').textContent()).toBe('0.0 %')
    expect(await cell('nowhere.invalid', 'p95_ms').textContent()).toBe('—')
    expect(await cell('127.3.1.1', 'coverage').textContent()).toMatch(/%$/)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(await figure.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('is sorted by any column, by keys too', async () => {
    await page.getByRole('button', { name: /^Actions for/ }).click()
    await page.getByRole('menuitem', { name: 'Success rate' }).click()
    await cell('127.3.1.1', 'sent').waitFor()
    await dialog().getByRole('button', { name: 'Address' }).focus()
    await page.keyboard.press('Enter')
    expect(await hosts()).toEqual(['127.3.1.1', '127.3.1.2', 'nowhere.invalid'])
    await page.keyboard.press('Enter')
    expect(await hosts()).toEqual(['nowhere.invalid', '127.3.1.2', '127.3.1.1'])
  })

  it('is counted for the window that was chosen, and says where nothing ran', async () => {
    await dialog().getByText('Last hour').click()
    await dialog().locator('[data-figure=rate]', { hasText: '%' }).waitFor()
    await dialog().getByText('From a time on').click()
    await dialog().getByLabel('From', { exact: true }).fill('2020-01-31T08:00:00')
    await dialog().getByLabel('Seconds').fill('60')
    await page.keyboard.press('Enter')
    await dialog().getByText('Nothing ran in this window').waitFor()
    expect(await dialog().locator('[data-figure=rate]').textContent()).toBe('—')
    expect(await cell('127.3.1.1', 'coverage').textContent()).toBe('—')
  })
})
