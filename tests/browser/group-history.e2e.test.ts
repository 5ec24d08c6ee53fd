import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedGroup } from '#lib/groups/contract.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { manyHosts } from '../support/long-list.ts'
import { measureGroupPast } from '../support/measured-past.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const COUNT = 12
const OUTAGE = { targets: 9, agoSeconds: 1_200, seconds: 240 }
const PAST = { seconds: 3_000, dark: [OUTAGE], away: { agoSeconds: 2_400, seconds: 300 } }

let program: Program
let browser: Browser
let person: Person
let group: CreatedGroup
let path: string
let context: BrowserContext
let page: Page

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  group = await makeGroup(person, manyHosts(67, COUNT))
  path = `/groups/${group.id}`
  await measureGroupPast(await program.databaseUrl(), group.id, PAST)
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

const matrix = () => page.getByRole('application')
const readout = async () => (await page.locator('[data-readout]').textContent()) ?? ''
const parameters = () => new URL(page.url()).searchParams
const edges = () => ['from', 'to'].map((name) => Date.parse(parameters().get(name) ?? ''))
const spanSeconds = () => {
  const [from = Number.NaN, to = Number.NaN] = edges()
  return (to - from) / 1000
}
const hostsIn = (attribute: string) =>
  page
    .locator(`[${attribute}]`)
    .evaluateAll((rows, name) => rows.map((row) => row.getAttribute(name)), attribute)
const box = async () => {
  const found = await matrix().boundingBox()
  if (!found) throw new Error('There is no matrix.')
  return found
}
const open = async (query: string) => {
  await page.goto(`${path}${query}`)
  await page.locator('[data-columns]').waitFor()
  await page.locator('[data-rate-host]').first().waitFor()
}

describe('the page of a group', () => {
  it('is one click from its card, and its table one click from a target and back', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: group.name }).click()
    await page.waitForURL(`**${path}`)
    await page.getByRole('heading', { name: group.name }).waitFor()
    await open('?range=600')
    await page.getByRole('rowheader', { name: '127.67.0.3' }).getByRole('link').click()
    await page.waitForURL(`**${path}/targets/*?range=600`)
    await page.getByRole('link', { name: group.name }).click()
    await page.waitForURL(`**${path}?range=600`)
  })

  it('shows an outage of many as one stripe, tells how many were dark, and leads to it', async () => {
    await open('?range=3600')
    const stripe = page.locator('[data-stripe]')
    await stripe.filter({ hasText: `9 of ${COUNT} dark` }).waitFor()
    expect(await stripe.count()).toBe(1)
    await stripe.getByRole('button').click()
    await until(() => parameters().has('from'))
    const [from = 0, to = 0] = edges()
    const middle = Date.now() - (OUTAGE.agoSeconds - OUTAGE.seconds / 2) * 1000
    expect(Math.abs((from + to) / 2 - middle)).toBeLessThan(60_000)
    expect(Math.abs(spanSeconds() - 3 * OUTAGE.seconds)).toBeLessThan(120)
  })

  it('reads out the cell under the pointer: who, when, and what became of the echoes', async () => {
    await open('?range=3600&sort=host')
    const { x, y, width } = await box()
    const at = (agoSeconds: number) => x + (1 - agoSeconds / 3_600) * width
    const point = async (agoSeconds: number, row: number) => {
      await page.mouse.move(at(agoSeconds), y + (row + 0.5) * 28)
      return await readout()
    }
    await until(async () => /^127\.67\.0\.0.*Dark15 of 15 lost/.test(await point(1_100, 0)))
    await until(async () => /^127\.67\.0\.11.*UTC.*p50.* ms/.test(await point(1_100, 11)))
    await until(async () => /^127\.67\.0\.5.*Not measured$/.test(await point(2_250, 5)))
  })

  it('takes what is drawn with the mouse as its window, and brings it back by its URL', async () => {
    await open('?range=3600')
    const { x, y, width } = await box()
    await page.mouse.move(x + width * 0.5, y + 40)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.75, y + 90, { steps: 5 })
    await page.mouse.up()
    await until(() => parameters().has('from'))
    expect(Math.abs(spanSeconds() - 900)).toBeLessThan(10)
    const url = page.url()
    await page.reload()
    await page.locator('[data-columns]').waitFor()
    expect(page.url()).toBe(url)
  })

  it('is sorted by any column, rows and table alike, as its URL says', async () => {
    await open('?range=3600')
    await page.getByRole('button', { name: 'Address' }).focus()
    await page.keyboard.press('Enter')
    const hosts = manyHosts(67, COUNT)
    await until(async () => (await hostsIn('data-rate-host')).join() === hosts.join())
    expect(await hostsIn('data-matrix-host')).toEqual(hosts)
    await page.keyboard.press('Enter')
    expect(await hostsIn('data-matrix-host')).toEqual(hosts.toReversed())
    expect(parameters().get('sort')).toBe('-host')
    await page.getByRole('searchbox').fill('.0.1')
    await until(async () => (await hostsIn('data-rate-host')).length === 3)
    await page.reload()
    await until(async () => (await hostsIn('data-matrix-host')).length === 3)
    expect((await hostsIn('data-rate-host'))[0]).toBe('127.67.0.11')
  })

  it('is walked by keys from cell to cell, and opens a target at that time', async () => {
    await open('?range=3600&sort=host')
    await matrix().focus()
    await page.keyboard.press('ArrowDown')
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowLeft', 'ArrowLeft']) {
      await page.keyboard.press(key)
    }
    await until(async () => (await readout()).startsWith('127.67.0.2'))
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${path}/targets/*`)
    await page.getByRole('heading', { name: '127.67.0.2' }).waitFor()
    expect(spanSeconds()).toBeCloseTo(45, 0)
  })

  it('is zoomed and made live by keys, and is asked for again while it is live', async () => {
    await open('?range=600')
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/matrix') && asked.push(request.url()))
    await until(() => asked.length > 1, 30_000)
    await matrix().focus()
    await page.keyboard.press('+')
    await until(() => parameters().get('range') === '300')
    await page.getByRole('button', { name: 'Earlier' }).click()
    await until(() => parameters().has('from'))
    await matrix().focus()
    await page.keyboard.press('End')
    await until(() => parameters().get('range') === '300')
  })

  it('gives the table away as CSV', async () => {
    await open('?range=600')
    const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
    const lines = (await (await page.request.get(href ?? '')).text()).trim().split('\r\n')
    expect(lines).toHaveLength(COUNT + 1)
    expect(lines[0]).toContain('host,label,sent,received,lost,not_measured,success_rate')
    expect(lines.at(-1)).toContain('127.67.0.11')
  })

  it('does not exist for those who may not see it, nor with an id that is none', async () => {
    for (const other of [`/groups/${crypto.randomUUID()}`, '/groups/x']) {
      expect((await page.goto(other))?.status()).toBe(404)
    }
    await context.clearCookies()
    await page.goto(path)
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })
})
