import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedGroup } from '#lib/groups/contract.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'

let program: Program
let browser: Browser
let person: Person
let context: BrowserContext
let page: Page
let group: CreatedGroup

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  browser = await openBrowser()
})
beforeEach(async () => {
  group = await makeGroup(person, ['127.3.0.1 gate', '127.3.0.2', '::1'])
  context = await openContext(browser, program.url, { person })
  page = await context.newPage()
  await page.goto('/')
  return async () => {
    await context.close()
    await person.ask('DELETE', `/api/groups/${group.id}`)
  }
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

const card = () => page.locator(`[data-group-id="${group.id}"]`)
const row = (host: string) => card().locator(`[data-target-host="${host}"]`)
const lastOf = (host: string) => row(host).locator('[data-figure=last]')
const undo = () => page.getByRole('button', { name: 'Undo' }).last().click()

/** As the browser does for Ctrl-V. */
async function paste(text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  }, text)
}

async function choose(action: string): Promise<void> {
  await card()
    .getByRole('button', { name: /^Actions for/ })
    .click()
  await page.getByRole('menuitem', { name: action }).click()
}

describe('a person at the wall', () => {
  it('stops, starts and removes an address, and takes the removal back', async () => {
    await row('127.3.0.2').hover()
    await page.getByRole('button', { name: 'Stop 127.3.0.2' }).click()
    await card().locator('[data-target-host="127.3.0.2"][data-standing=stopped]').waitFor()
    await page.getByRole('button', { name: 'Start 127.3.0.2' }).click()
    await page.getByRole('button', { name: 'Remove 127.3.0.2' }).click()
    await row('127.3.0.2').waitFor({ state: 'detached' })
    await undo()
    await row('127.3.0.2').waitFor()
  })

  it('renames a group in its place', async () => {
    await choose('Rename')
    await page.getByLabel(/^New name of/).fill('Core')
    await page.keyboard.press('Enter')
    await card().getByRole('heading', { name: 'Core' }).waitFor()
    await page.reload()
    await card().getByRole('heading', { name: 'Core' }).waitFor()
  })

  it('deletes a group and brings it back with its live rows', async () => {
    await choose('Delete')
    await card().waitFor({ state: 'detached' })
    await undo()
    await lastOf('127.3.0.1').filter({ hasText: 'ms' }).waitFor()
  })

  it('stops and starts the whole group', async () => {
    await lastOf('127.3.0.1').filter({ hasText: 'ms' }).waitFor()
    await choose('Stop all')
    await card().locator('[data-figure=answering]', { hasText: '0/0' }).waitFor()
    await choose('Start all')
    await card().locator('[data-figure=answering]', { hasText: '3/3' }).waitFor()
  })

  it('makes a group of a pasted list with one key and Enter, and is told what was skipped', async () => {
    await row('127.3.0.1').waitFor()
    await page.mouse.move(0, 0)
    await paste('127.4.0.1 alpha\n127.4.0.2\nbad..name')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 piece skipped').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('2 addresses added, 1 skipped: bad..name').waitFor()
    const added = page.locator('[data-target-host="127.4.0.1"] [data-figure=last]')
    await added.filter({ hasText: 'ms' }).waitFor()
    expect(await dialog.count()).toBe(0)
  })

  it('adds a list pasted over a card to its group', async () => {
    await row('127.3.0.1').hover()
    await paste('127.4.0.9')
    await page.getByRole('dialog', { name: /^Add addresses to/ }).waitFor()
    await page.getByRole('button', { name: 'Add 1 address' }).waitFor()
    await page.keyboard.press('Enter')
    await lastOf('127.4.0.9').filter({ hasText: 'ms' }).waitFor()
  })

  it('finds an address by typing, and gets the whole wall back with Escape', async () => {
    await row('::1').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('gate')
    await row('::1').waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('q')).toBe('gate')
    await page.keyboard.press('Escape')
    await row('::1').waitFor()
    expect(new URL(page.url()).search).toBe('')
  })

  it('reads the pages in the chosen language', async () => {
    await context.addCookies([{ name: 'locale', value: 'zh-CN', url: program.url }])
    await page.reload()
    await page.getByRole('heading', { name: '回音壁' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  })
})

describe('an interruption', () => {
  it('falls back to polling where neither WebSocket nor SSE passes, with the same figures', async () => {
    const without = await openContext(browser, program.url, { person, withoutWebSocket: true })
    await without.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'EventSource')
    })
    const polling = await without.newPage()
    await polling.goto('/')
    await polling.locator('[data-transport=polling]').waitFor()
    const last = polling.locator('[data-target-host="127.3.0.1"] [data-figure=last]')
    await last.filter({ hasText: 'ms' }).waitFor()
    await without.close()
  })
})
