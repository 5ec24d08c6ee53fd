import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, openContext } from '../support/browser.ts'
import { measurePast } from '../support/measured-past.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const HOUR_SECONDS = 3_600
const PAST = { seconds: 6 * HOUR_SECONDS, darkAgoSeconds: 2 * HOUR_SECONDS, darkSeconds: 60 }

let program: Program
let browser: Browser
let person: Person
let path: string
let context: BrowserContext
let page: Page

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  const group = await makeGroup(person, ['127.6.0.1', '127.6.0.2 beside', '127.6.0.3'])
  const targetId = group.added[0]?.id ?? ''
  path = `/groups/${group.id}/targets/${targetId}`
  await measurePast(await program.databaseUrl(), targetId, PAST)
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

const chart = () => page.getByRole('application')
const resolution = () => page.locator('[data-resolution]').getAttribute('data-resolution')
const figure = (name: string) => page.locator(`[data-figure="${name}"] dd`)
const parameters = () => new URL(page.url()).searchParams
const spanSeconds = () => {
  const [from, to] = ['from', 'to'].map((name) => Date.parse(parameters().get(name) ?? ''))
  return ((to ?? Number.NaN) - (from ?? Number.NaN)) / 1000
}
const plotBox = async () => {
  const box = await page.locator('.u-over').boundingBox()
  if (!box) throw new Error('There is no chart.')
  return box
}
const open = async (query: string) => {
  await page.goto(`${path}${query}`)
  await until(async () => (await resolution()) !== null)
}

describe('the page of a target', () => {
  it('is one click from its row', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: '127.6.0.1' }).click()
    await page.waitForURL(`**${path}`)
    await page.getByRole('heading', { name: '127.6.0.1' }).waitFor()
  })

  it('zooms from hours to seconds by wheel, with every echo once they are few', async () => {
    await open('?range=21600')
    expect(await resolution()).toBe('60')
    const box = await plotBox()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await until(async () => {
      await page.mouse.wheel(0, -300)
      return (await resolution()) === 'raw'
    })
    await until(async () => {
      await page.mouse.wheel(0, -300)
      return spanSeconds() <= 10.001
    })
    expect(spanSeconds()).toBeCloseTo(10, 3)
    await figure('sent')
      .filter({ hasText: /^(9|10|11)$/ })
      .waitFor()
  })

  it('takes what is drawn with the mouse as its window, and brings it back by its URL', async () => {
    await open('?range=21600')
    const box = await plotBox()
    await page.mouse.move(box.x + box.width * 0.25, box.y + 100)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.75, box.y + 120, { steps: 5 })
    await page.mouse.up()
    await until(() => parameters().has('from'))
    expect(Math.abs(spanSeconds() - PAST.seconds / 2)).toBeLessThan(120)
    const url = page.url()
    await figure('sent')
      .filter({ hasText: /^10,[78]\d\d$/ })
      .waitFor()
    await page.reload()
    await figure('sent')
      .filter({ hasText: /^10,[78]\d\d$/ })
      .waitFor()
    expect(page.url()).toBe(url)
  })

  it('is moved, zoomed and made live by keys', async () => {
    await open('?range=3600')
    await chart().focus()
    await page.keyboard.press('ArrowLeft')
    await until(() => parameters().has('from'))
    expect(spanSeconds()).toBeCloseTo(HOUR_SECONDS, 0)
    await page.keyboard.press('+')
    await until(() => Math.abs(spanSeconds() - HOUR_SECONDS / 2) < 1)
    await page.keyboard.press('End')
    await until(() => parameters().get('range') === String(HOUR_SECONDS / 2))
  })

  it('lists the outage with where its path ended, and shows it when it is chosen', async () => {
    await open('?range=21600')
    const row = page.locator('[data-outage]')
    await row.filter({ hasText: 'for 1m' }).waitFor()
    await row.getByText('The path ended after hop 1, 10.0.0.1').waitFor()
    await row.getByRole('button').click()
    await until(() => Math.abs(spanSeconds() - 2 * PAST.darkSeconds) < 2)
    await figure('lost')
      .filter({ hasText: /^(59|60|61)$/ })
      .waitFor()
    await figure('longest_outage_seconds')
      .filter({ hasText: /^(59s|1m)/ })
      .waitFor()
    await until(async () => (await resolution()) === 'raw')
  })

  it('grows at its right edge as results arrive, without asking again for each', async () => {
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/samples') && asked.push(request.url()))
    await open('?range=60')
    const box = await plotBox()
    const newest = async () => {
      await page.mouse.move(box.x + box.width - 2, box.y + 50)
      await page.mouse.move(box.x + box.width - 4, box.y + 52)
      return (await page.locator('[data-readout]').textContent()) ?? ''
    }
    const seen = new Set<string>()
    await until(async () => seen.add(await newest()).size > 5, 30_000)
    expect(asked.length).toBeLessThan(5)
  })

  it('draws others of its group beside it, as its URL says', async () => {
    await open('?range=600')
    const compared = () => page.locator('[data-compared]')
    const picker = page.getByRole('combobox', { name: 'Compare with…' })
    await picker.fill('beside 127.6.0.2')
    await compared().filter({ hasText: 'beside' }).waitFor()
    await picker.fill('127.6.0.3')
    await until(async () => (await compared().count()) === 2)
    expect(parameters().get('with')?.split(',')).toHaveLength(2)
    await page.reload()
    await until(async () => (await compared().count()) === 2)
    const box = await plotBox()
    await until(async () => {
      await page.mouse.move(box.x + box.width - 3, box.y + 50)
      await page.mouse.move(box.x + box.width - 6, box.y + 60)
      const texts = await compared().allTextContents()
      return texts.every((text) => text.includes(' ms'))
    }, 30_000)
    await page.getByRole('button', { name: 'Compare no more with 127.6.0.3' }).click()
    await until(async () => (await compared().count()) === 1)
    expect(parameters().get('with')?.split(',')).toHaveLength(1)
  })

  it('gives the window away as CSV and JSON', async () => {
    await open('?range=600')
    const download = async (name: string) => {
      const href = await page.getByRole('link', { name }).getAttribute('href')
      return await page.request.get(href ?? '')
    }
    const csv = await (await download('CSV')).text()
    expect(csv.split('\r\n')[0]).toBe('at,host,label,rtt_ms,outcome')
    expect(Math.abs(csv.trim().split('\r\n').length - 600)).toBeLessThan(15)
    const json = (await (await download('JSON')).json()) as { items: unknown[] }
    expect(Math.abs(json.items.length - 600)).toBeLessThan(15)
  })

  it('does not exist for those who may not see it, nor with an id that is none', async () => {
    for (const other of [path.replace(/.$/, '0'), '/groups/x/targets/y']) {
      if (other === path) continue
      expect((await page.goto(other))?.status()).toBe(404)
    }
    await context.clearCookies()
    await page.goto(path)
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })
})
