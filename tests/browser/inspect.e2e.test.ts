import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreatedGroup } from '#lib/groups/contract.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

let program: Program
let browser: Browser
let person: Person
let group: CreatedGroup
let context: BrowserContext
let page: Page

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  group = await makeGroup(person, ['127.5.0.1', '127.5.0.2'])
  browser = await openBrowser()
})
beforeEach(async () => {
  context = await openContext(browser, program.url, { person })
  page = await context.newPage()
  await page.goto('/inspect')
  await fact('transport').filter({ hasText: 'WebSocket' }).waitFor()
  return () => context.close()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

const fact = (name: string) => page.locator(`[data-fact="${name}"]`)
const list = () => page.getByRole('listbox', { name: 'Frames' })
const entry = (label: string) => list().locator(`[data-label="${label}"]`).first()
const count = async (event: string) =>
  Number(await page.locator(`[data-event="${event}"]`).getAttribute('data-count'))
const toTop = async () => {
  await list().focus()
  await page.keyboard.press('Home')
}

describe('the inspector', () => {
  it('shows the browser’s own facts of the WebSocket', async () => {
    await page.locator(`[data-topic="group:${group.id}"][data-state=live]`).waitFor()
    await fact('round-trip').filter({ hasText: 'ms' }).waitFor()
    const texts = await page
      .locator('[data-fact]')
      .evaluateAll((all) => Object.fromEntries(all.map((e) => [e.dataset.fact, e.textContent])))
    expect(texts).toMatchObject({
      url: `${program.url.replace('http', 'ws')}/live`,
      connection: expect.stringMatching(/^live\.\w+!/),
      subprotocol: 'echowall.v1',
      extensions: 'none, so no compression',
      'binary-type': 'blob',
      'ready-state': '1 OPEN',
      'buffered-amount': '0 bytes',
      heartbeat: expect.stringContaining('every 20 s'),
      'last-close': '—',
    })
    expect([await count('open'), await count('error'), await count('close')]).toEqual([1, 0, 0])
    expect(await count('message')).toBeGreaterThan(1)
  })

  it('lists every frame in and out, with its length and content', async () => {
    await entry('snapshot').waitFor()
    await toTop()
    const labels = await list()
      .locator('[data-kind]')
      .evaluateAll((all) => all.slice(0, 3).map((e) => `${e.dataset.kind} ${e.dataset.label}`))
    expect(labels).toEqual(['open open', 'in welcome', 'out follow'])
    await entry('follow').click()
    await page.getByRole('button', { name: 'Pretty' }).click()
    const content = `{"type":"follow","topic":"group:${group.id}","replay":"last"}`
    expect(await page.locator('[data-detail] pre').textContent()).toBe(content)
    expect(await entry('follow').getAttribute('data-bytes')).toBe(String(content.length))
  })

  it('is read with the keyboard alone', async () => {
    await entry('snapshot').waitFor()
    await toTop()
    await page.keyboard.press('ArrowDown')
    await page.locator('[data-detail]', { hasText: '"protocol": "echowall.v1"' }).waitFor()
    expect(await entry('welcome').getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('/')
    await page.keyboard.type('samples.arrived')
    await entry('event samples.arrived').waitFor()
    expect(await list().locator('[data-label=welcome]').count()).toBe(0)
    await page.keyboard.press('Escape')
    await toTop()
    await entry('welcome').waitFor()
  })

  it('shows only the kinds that are wanted', async () => {
    await entry('snapshot').waitFor()
    await page.getByRole('button', { name: 'Received' }).click()
    await until(async () => (await list().locator('[data-kind=in]').count()) === 0)
    expect(await list().locator('[data-kind=out]').count()).toBeGreaterThan(0)
  })

  it('rests when paused, counts what came since, and catches up', async () => {
    await entry('snapshot').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    const shown = () => list().locator('[data-kind]').last().getAttribute('id')
    const before = await shown()
    const status = page.getByRole('status').filter({ hasText: 'new since' })
    await until(async () => /Paused; [1-9]/.test((await status.textContent()) ?? ''))
    expect(await shown()).toBe(before)
    await page.keyboard.press('p')
    await until(async () => (await shown()) !== before)
  })

  it('changes the transport on demand, keeps it, and says how the last one ended', async () => {
    await page.getByRole('button', { name: 'SSE' }).click()
    await fact('transport').filter({ hasText: 'Server-Sent Events' }).waitFor()
    await fact('last-close').filter({ hasText: '1000 Normal' }).waitFor()
    expect(await fact('url').textContent()).toBe(`${program.url}/live`)
    expect(await fact('ready-state').textContent()).toBe('1 OPEN')
    expect(await fact('subprotocol').textContent()).toBe('not with this transport')
    await page.locator(`[data-topic="group:${group.id}"][data-state=live]`).waitFor()
    await page.getByRole('button', { name: 'Polling' }).click()
    await fact('transport').filter({ hasText: 'Polling' }).waitFor()
    await page.reload()
    await fact('transport').filter({ hasText: 'Polling' }).waitFor()
    expect(new URL(page.url()).searchParams.get('road')).toBe('polling')
  })

  it('explains the close code when the server is gone, and comes back by itself', async () => {
    process.kill(await program.pid('web'), 'SIGKILL')
    await fact('last-close').filter({ hasText: '1006 Abnormal' }).waitFor()
    await until(async () => (await count('open')) >= 2, 30_000)
    await page.locator(`[data-topic="group:${group.id}"][data-state=live]`).waitFor()
  })

  it('is one click from the wall, and leads to its guide', async () => {
    await page.goto('/')
    await page.locator('a[data-transport=websocket]').click()
    await page.getByRole('heading', { name: 'Live connection' }).waitFor()
    const guide = await page.request.get('/inspect/guide')
    expect(guide.headers()['content-type']).toBe('text/plain; charset=utf-8')
    expect(await guide.text()).toContain('# Debugging the live connection')
  })

  it('fits a phone, and speaks Chinese', async () => {
    await page.setViewportSize({ width: 375, height: 700 })
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(await overflow()).toBeLessThanOrEqual(0)
    await context.addCookies([{ name: 'locale', value: 'zh-CN', url: program.url }])
    await page.reload()
    await page.getByRole('heading', { name: '实时连接' }).waitFor()
    await fact('transport').filter({ hasText: 'WebSocket' }).waitFor()
    expect(await overflow()).toBeLessThanOrEqual(0)
  })

  it('sends strangers to sign in', async () => {
    await context.clearCookies()
    await page.goto('/inspect')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })
})
