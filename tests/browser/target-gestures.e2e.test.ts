import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, openContext } from '../support/browser.ts'
import { measurePast } from '../support/measured-past.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const HOUR_SECONDS = 3_600
const PAST = { seconds: 6 * HOUR_SECONDS, darkAgoSeconds: 2 * HOUR_SECONDS, darkSeconds: 60 }
const STEPS = 10

let program: Program
let browser: Browser
let person: Person
let path: string
let context: BrowserContext
let page: Page
let devtools: CDPSession

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  const group = await makeGroup(person, ['127.6.1.1'])
  const targetId = group.added[0]?.id ?? ''
  path = `/groups/${group.id}/targets/${targetId}`
  await measurePast(await program.databaseUrl(), targetId, PAST)
  browser = await openBrowser()
})
beforeEach(async () => {
  context = await openContext(browser, program.url, { person })
  page = await context.newPage()
  devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 })
  await page.goto(`${path}?range=3600`)
  await page.locator('[data-resolution]').waitFor()
  return () => context.close()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

const spanSeconds = () => {
  const { searchParams } = new URL(page.url())
  if (searchParams.has('range')) return Number(searchParams.get('range'))
  const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name) ?? ''))
  return ((to ?? Number.NaN) - (from ?? Number.NaN)) / 1000
}

/** Fingers that move together across the chart; each from and to a share of its width. */
async function drag(fingers: { from: number; to: number }[]): Promise<void> {
  const box = await page.locator('.u-over').boundingBox()
  if (!box) throw new Error('There is no chart.')
  const touchPoints = (step: number) =>
    fingers.map(({ from, to }, id) => ({
      id,
      x: box.x + box.width * (from + ((to - from) * step) / STEPS),
      y: box.y + box.height / 2,
    }))
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', step?: number) =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: step === undefined ? [] : touchPoints(step),
    })
  await touch('touchStart', 0)
  for (let step = 1; step <= STEPS; step += 1) await touch('touchMove', step)
  await touch('touchEnd')
}

describe('the chart of a target under fingers', () => {
  it('is moved by one', async () => {
    await drag([{ from: 0.25, to: 0.75 }])
    await until(() => Math.abs(spanSeconds() - HOUR_SECONDS) < 1)
    const to = Date.parse(new URL(page.url()).searchParams.get('to') ?? '')
    const backSeconds = (Date.now() - to) / 1000
    expect(backSeconds).toBeGreaterThan(0.3 * HOUR_SECONDS)
    expect(backSeconds).toBeLessThan(0.6 * HOUR_SECONDS)
  })

  it('is zoomed by two', async () => {
    await drag([
      { from: 0.45, to: 0.25 },
      { from: 0.55, to: 0.75 },
    ])
    await until(() => spanSeconds() < HOUR_SECONDS / 3)
    expect(spanSeconds()).toBeGreaterThan(HOUR_SECONDS / 10)
  })
})

describe('the hours of the week', () => {
  it('tell which of them were measured, with their losses in words', async () => {
    const map = page.getByRole('region', { name: 'By hour and weekday' })
    await map.scrollIntoViewIfNeeded()
    const measured = map.locator('td[data-week]:not([data-week=""])')
    await until(async () => (await measured.count()) >= 6)
    const shares = await measured.evaluateAll((cells) =>
      cells.map((cell) => Number(cell.getAttribute('data-week'))),
    )
    // A minute of one of these hours was dark, and perhaps on the border of two.
    const lossy = shares.filter((share) => share > 0)
    expect([1, 2]).toContain(lossy.length)
    expect(lossy.reduce((sum, share) => sum + share, 0)).toBeGreaterThan(1.5)
    await measured
      .filter({ hasText: /^0 % of 3,600 lost, 2[12]\.\d ms on average$/ })
      .first()
      .waitFor()
    await map.getByRole('button', { name: 'Round trip' }).click()
    // The present hour holds quick answers of this machine as well.
    await map.getByText(/^From [\d.]+ ms, pale, to 2[12]\.\d ms$/).waitFor()
  })
})
