import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, openContext } from '../support/browser.ts'
import { measurePast } from '../support/measured-past.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const HOUR_SECONDS = 3_600
const PAST = { seconds: 3 * HOUR_SECONDS, darkAgoSeconds: HOUR_SECONDS, darkSeconds: 60 }
const HOST = '127.6.9.1'

let program: Program
let browser: Browser
let person: Person
let darkFromMs: number
let context: BrowserContext
let page: Page

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  const group = await makeGroup(person, [HOST, '127.6.9.2'])
  darkFromMs = Date.now() - PAST.darkAgoSeconds * 1_000
  await measurePast(await program.databaseUrl(), group.added[0]?.id ?? '', PAST)
  browser = await openBrowser()
})
beforeEach(async () => {
  context = await openContext(browser, program.url, { person })
  page = await context.newPage()
  return () => context.close()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

const bar = () => page.getByRole('region', { name: 'Time travel' })
const standing = () =>
  page.locator(`[data-target-host="${HOST}"]`).getAttribute('data-standing', { timeout: 20_000 })
const momentMs = () => Date.parse(new URL(page.url()).searchParams.get('at') ?? '')
const isPast = () => page.locator('.group\\/wall[data-past=true]').isVisible()
const stands = (word: string) => until(async () => (await standing()) === word, 30_000)

async function travelToOutage(): Promise<void> {
  await page.goto('/')
  await stands('answering')
  await page.keyboard.press('t')
  await bar().waitFor()
  await page.keyboard.press('[')
  await until(isPast, 20_000)
  await stands('dark')
}

describe('time travel', () => {
  it('jumps to an outage, shows it, plays forward, and sees it end', async () => {
    await travelToOutage()
    const arrivedMs = momentMs()
    // The third loss in a row was known three seconds after the first had left.
    expect(Math.abs(arrivedMs - darkFromMs - 3_000)).toBeLessThan(5_000)
    expect(await page.locator(`[data-target-host="${HOST}"] canvas`).isVisible()).toBe(true)
    await bar().getByRole('button', { name: '30×' }).click()
    await until(async () => (await standing()) !== 'dark', 30_000)
    await bar().getByRole('button', { name: 'Pause (Space)' }).click()
    await stands('lossy')
    await until(() => momentMs() > arrivedMs + 50_000)
    expect(momentMs()).toBeLessThan(arrivedMs + 300_000)
  })

  it('is brought back by its URL, and left in one key for a wall that is live at once', async () => {
    await travelToOutage()
    const url = page.url()
    await page.reload()
    await until(isPast, 20_000)
    await stands('dark')
    expect(page.url()).toBe(url)
    const followed: string[] = []
    page.on('websocket', (socket) => followed.push(socket.url()))
    await page.keyboard.press('l')
    await until(async () => !(await isPast()))
    expect(await standing()).toBe('answering')
    expect(new URL(page.url()).searchParams.has('at')).toBe(false)
    await bar().getByText('Now').waitFor()
    expect(followed).toEqual([])
    await page.keyboard.press('Escape')
    await until(async () => !(await bar().isVisible()))
  })

  it('changes nothing that has been', async () => {
    await travelToOutage()
    expect(await page.getByRole('button', { name: `Stop ${HOST}` }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'New group' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Actions for loopback' }).click()
    await page.getByRole('menuitem', { name: 'Success rate' }).waitFor()
    const offered = await page.getByRole('menuitem').allTextContents()
    expect(offered).toEqual(expect.arrayContaining(['Success rate']))
    for (const act of ['Add addresses', 'Rename', 'Start all', 'Stop all', 'Delete'])
      expect(offered).not.toContain(act)
  })

  it('goes to any date and time, by slider and by keys', async () => {
    await travelToOutage()
    const arrivedMs = momentMs()
    await page.keyboard.press('ArrowLeft')
    await until(() => momentMs() === arrivedMs - 10_000)
    await stands('answering')
    await page.keyboard.press('Shift+ArrowRight')
    await until(() => momentMs() === arrivedMs + 50_000)
    await stands('dark')
    await page.getByRole('slider', { name: 'Moment' }).focus()
    await page.keyboard.press('Home')
    await until(() => momentMs() < arrivedMs - 20 * 60_000)
    await stands('answering')
    const before = new Date(Date.now() - 4 * HOUR_SECONDS * 1_000)
    const zoneMs = (await page.evaluate(() => new Date().getTimezoneOffset())) * 60_000
    const typed = new Date(before.getTime() - zoneMs).toISOString().slice(0, 19)
    await page.getByLabel('Date and time').fill(typed)
    await page.getByText('No card stood on your wall at this time.').waitFor()
  })
})
