import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { ADMIN, type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const HOSTS = ['127.0.0.1', '127.0.0.2', '::1', 'localhost']
// The promise is two seconds; a busy machine gets five times as long.
const LIVE_MS = 10_000

let program: Program
let browser: Browser
let person: Person
beforeAll(async () => {
  program = await startProgram({ HEARTBEAT_SECONDS: '2' })
  person = await signIn(program.url)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

const figure = (page: Page, host: string, name: string) =>
  page.locator(`[data-target-host="${host}"] [data-figure="${name}"]`).first()
const transportOf = (page: Page) =>
  page.locator('[data-transport]').first().getAttribute('data-transport')
const isStale = (page: Page) => page.locator('[data-stale]').first().getAttribute('data-stale')

async function signInByForm(page: Page): Promise<void> {
  await page.goto('/')
  await page.waitForURL('**/sign-in')
  await page.getByLabel('Employee number').fill(ADMIN.employee_no)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${program.url}/`)
}

async function untilRoundTrips(page: Page, hosts: string[]): Promise<void> {
  const shown = async (host: string) => (await figure(page, host, 'last').textContent()) ?? ''
  await until(
    async () => (await Promise.all(hosts.map(shown))).every((text) => /\d.* ms/.test(text)),
    LIVE_MS,
    `round trips of ${hosts.join(', ')} on the page`,
  )
}

describe('the wall in two browsers', () => {
  it('shows replies of pasted addresses to both, over WebSocket and over SSE', async () => {
    const first = await openContext(browser, program.url)
    const second = await openContext(browser, program.url, { withoutWebSocket: true })
    const [withSocket, without] = [await first.newPage(), await second.newPage()]
    await signInByForm(withSocket)
    await signInByForm(without)

    await withSocket.getByRole('textbox', { name: 'Addresses' }).fill(HOSTS.join('\n'))
    await withSocket.getByRole('button', { name: 'Ping 4 addresses' }).click()
    await figure(withSocket, '127.0.0.1', 'last').waitFor()
    const addedMs = performance.now()
    await untilRoundTrips(withSocket, HOSTS)
    console.log(
      `over WebSocket: round trips ${Math.round(performance.now() - addedMs)} ms after the rows`,
    )
    expect(await transportOf(withSocket)).toBe('websocket')

    await without.reload()
    const reloadedMs = performance.now()
    await untilRoundTrips(without, HOSTS)
    console.log(
      `over SSE: round trips ${Math.round(performance.now() - reloadedMs)} ms after a reload`,
    )
    expect(await transportOf(without)).toBe('sse')

    await stopsForBoth(withSocket, without)
    await first.close()
    await second.close()
  })

  // What one does the other sees, without asking for it.
  async function stopsForBoth(acting: Page, watching: Page): Promise<void> {
    const row = acting.locator('[data-target-host="127.0.0.2"]').first()
    await row.hover()
    await row.getByRole('button', { name: 'Stop 127.0.0.2' }).click()
    const standing = watching.locator('[data-target-host="127.0.0.2"]').first()
    await until(async () => (await standing.getAttribute('data-standing')) === 'stopped', LIVE_MS)
  }
})

describe('a wall whose feed stops', () => {
  it('is grey within seconds and says so, and live again by itself', async () => {
    await makeGroup(person, ['127.0.0.1'])
    const context = await openContext(browser, program.url, { person })
    const page = await context.newPage()
    await page.goto('/')
    await untilRoundTrips(page, ['127.0.0.1'])
    expect(await isStale(page)).toBe('false')

    const web = await program.pid('web')
    process.kill(web, 'SIGSTOP')
    const cutMs = performance.now()
    try {
      await until(async () => (await isStale(page)) === 'true', 15_000)
      console.log(`grey ${Math.round(performance.now() - cutMs)} ms after the feed was cut`)
      expect(await page.getByText(/Not live/).count()).toBeGreaterThan(0)
    } finally {
      process.kill(web, 'SIGCONT')
    }
    await until(async () => (await isStale(page)) === 'false', 15_000)
    await untilRoundTrips(page, ['127.0.0.1'])
    await context.close()
  })

  it('survives the death of the web process without being reloaded', async () => {
    const context = await openContext(browser, program.url, { person })
    const page = await context.newPage()
    let opened = 0
    let newestHeard = 0
    page.on('websocket', (socket) => {
      opened += 1
      const place = opened
      socket.on('framereceived', ({ payload }) => {
        if (payload.includes('samples.arrived')) newestHeard = place
      })
    })
    await page.goto('/')
    await untilRoundTrips(page, ['127.0.0.1'])
    await page.evaluate(() => Reflect.set(globalThis, 'isSamePage', true))
    const before = newestHeard
    process.kill(await program.pid('web'), 'SIGKILL')
    // Whether it goes stale meanwhile depends on how soon the process is back.
    await until(() => newestHeard > before, 30_000)
    await until(async () => (await isStale(page)) === 'false')
    expect(await page.evaluate(() => Reflect.get(globalThis, 'isSamePage'))).toBe(true)
    await context.close()
  })

  it('shows a dead worker as not measured: neither loss nor success', async () => {
    const group = await makeGroup(person, ['127.0.9.9'])
    const context = await openContext(browser, program.url, { person })
    const page = await context.newPage()
    await page.goto('/')
    await untilRoundTrips(page, ['127.0.9.9'])
    const worker = await program.pid('worker')
    process.kill(worker, 'SIGSTOP')
    try {
      const row = page.locator(`[data-group-id="${group.id}"] [data-target-host="127.0.9.9"]`)
      await until(async () => (await row.getAttribute('data-standing')) === 'unmeasured', 20_000)
      expect(await figure(page, '127.0.9.9', 'loss').textContent()).toMatch(/^0\s*%$/)
    } finally {
      process.kill(worker, 'SIGCONT')
    }
    await context.close()
  })
})
