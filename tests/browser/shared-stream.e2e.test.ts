import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookiesOf, openBrowser, openContext } from '../support/browser.ts'
import { makeColleague, makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

// Two seconds is the promise; a busy machine gets five times as long.
const TAKEN_OVER_MS = 10_000

let program: Program
let browser: Browser
let person: Person
let context: BrowserContext

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  await makeGroup(person, ['127.7.0.1'])
  browser = await openBrowser()
})
beforeEach(async () => {
  context = await openContext(browser, program.url, { person, withoutWebSocket: true })
  return () => context.close()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

const fact = (page: Page, name: string) => page.locator(`[data-fact="${name}"]`)

async function openTab(path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(path)
  await page.locator('[data-transport=sse]').first().waitFor()
  return page
}

/** Until the page has a result from after this was asked. */
async function untilNews(page: Page): Promise<void> {
  const askedMs = performance.now()
  const badge = page.locator('[data-transport=sse]').first()
  const ageMs = async () => {
    const [, seconds] = /([\d.]+)s old/.exec((await badge.getAttribute('title')) ?? '') ?? []
    return Number(seconds ?? Number.POSITIVE_INFINITY) * 1_000
  }
  await until(async () => (await ageMs()) < performance.now() - askedMs, TAKEN_OVER_MS, 'news')
}

describe('the event stream of all tabs of a browser', () => {
  it('is shown by the inspector as what it is: shared, and held by one of them', async () => {
    const holder = await openTab('/inspect')
    const guest = await openTab('/inspect')
    await fact(holder, 'sharing').filter({ hasText: '2 tabs; this one' }).waitFor()
    await fact(guest, 'sharing').filter({ hasText: '2 tabs; another one' }).waitFor()
    for (const page of [holder, guest]) {
      expect(await fact(page, 'url').textContent()).toBe(`${program.url}/live`)
      expect(await fact(page, 'ready-state').textContent()).toBe('1 OPEN')
      await fact(page, 'round-trip').filter({ hasText: 'ms' }).waitFor()
      await page.locator('[data-topic][data-state=live]').waitFor()
    }
  })

  it('goes on when the tab that holds it is closed', async () => {
    const holder = await openTab('/')
    const guest = await openTab('/')
    await untilNews(guest)
    await holder.close()
    await untilNews(guest)
    expect(await guest.locator('[data-stale]').first().getAttribute('data-stale')).toBe('false')
  })

  it('goes on when the tab that holds it crashes', async () => {
    const holder = await openTab('/')
    const guest = await openTab('/inspect')
    await fact(guest, 'sharing').filter({ hasText: 'another one' }).waitFor()
    const crashedMs = performance.now()
    const crashed = holder.waitForEvent('crash')
    void holder.goto('chrome://crash').catch(() => undefined)
    await crashed
    await fact(guest, 'sharing').filter({ hasText: 'this tab alone' }).waitFor()
    await guest.locator('[data-topic][data-state=live]').waitFor()
    const ms = Math.round(performance.now() - crashedMs)
    console.log(`taken over ${ms} ms after the crash`)
    expect(ms).toBeLessThan(TAKEN_OVER_MS)
  })

  it('is never one of somebody else: who signed in before is shown the wall of who did since', async () => {
    const colleague = await makeColleague(program.url, person)
    const { name } = await colleague.post<{ name: string }>('/api/groups', {
      name: 'the other one',
    })
    const page = await openTab('/')
    await page.getByText('loopback').first().waitFor()
    await context.addCookies(cookiesOf(colleague, program.url))
    process.kill(await program.pid('web'), 'SIGKILL')
    await page.getByText(name).first().waitFor({ timeout: 30_000 })
    expect(await page.getByText('loopback').count()).toBe(0)
  })

  it('ends for every tab when the person signs out in one, whichever holds it', async () => {
    await context.clearCookies()
    await context.addCookies(cookiesOf(await signIn(program.url), program.url))
    const [holder, guest] = [await openTab('/'), await openTab('/')]
    await untilNews(guest)
    // Not from within the page, which leaves as soon as it hears of it.
    const { request } = context
    const { csrfToken } = await (await request.get(`${program.url}/api/auth/csrf`)).json()
    await request.post(`${program.url}/api/auth/signout`, { form: { csrfToken } })
    for (const page of [holder, guest]) await page.waitForURL('**/sign-in?ended')
  })
})
