import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { STALE_MS } from '#lib/live/protocol.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { type Watched, watchProgram } from './watched-program.ts'

/** A browser opens six connections to a host. */
const TABS = 8
const SETTLE_MS = 60_000
/** A page or a call that waits for a connection waits for ever; a busy machine is only slow. */
const SLOWER_MS = 2_000
const HANDOVER_MS = 10_000

fault({
  fault: 'Eight tabs of one browser cannot open a WebSocket',
  holds:
    'no page is blocked: the tabs share one event stream, a ninth page and a call answer as before, and the stream outlives the tab that holds it',
  short: { rounds: 1 },
  full: { rounds: 5 },
  async prove({ rounds }, measured) {
    const watched = await watchProgram({ addresses: 2 })
    const browser = await openBrowser()
    try {
      const context = await openContext(browser, watched.program.url, {
        person: watched.person,
        withoutWebSocket: true,
      })
      const holders = holdersOf(context)
      const [alone, tabs] = await openTabs(context)
      const among = await timeOf(context)
      measured(`page ${alone.page} ms alone, ${among.page} ms as the ninth`)
      measured(`call ${alone.call} ms alone, ${among.call} ms from the ninth`)
      expect(among.page).toBeLessThan(alone.page + SLOWER_MS)
      expect(among.call).toBeLessThan(alone.call + SLOWER_MS)
      expect(await streams(watched)).toBe(1)
      const waits: number[] = []
      for (let i = 0; i < rounds; i += 1) {
        const holder = holders.findLast((page) => tabs.includes(page))
        waits.push(await closeTab(watched, tabs, holder))
      }
      measured(`${tabs.length} of ${TABS} tabs left, news again after ${Math.max(...waits)} ms`)
      expect(Math.max(...waits)).toBeLessThan(HANDOVER_MS)
    } finally {
      await browser.close()
      await watched.close()
    }
  },
})

type Times = { page: number; call: number }

async function openTabs(context: BrowserContext): Promise<[Times, Page[]]> {
  const alone = await timeOf(context)
  const tabs: Page[] = []
  for (let i = 0; i < TABS; i += 1) {
    const page = await context.newPage()
    await page.goto('/')
    tabs.push(page)
  }
  await Promise.all(tabs.map((tab) => untilLive(tab, (ageMs) => ageMs < STALE_MS)))
  return [alone, tabs]
}

/** Opens one more page, asks the API from it, and closes it. */
async function timeOf(context: BrowserContext): Promise<Times> {
  const page = await context.newPage()
  const startedMs = performance.now()
  await page.goto('/', { timeout: SETTLE_MS })
  const loadedMs = performance.now()
  await page.evaluate(async () => (await fetch('/api/me')).json())
  const answeredMs = performance.now()
  await page.close()
  return {
    page: Math.round(loadedMs - startedMs),
    call: Math.round(answeredMs - loadedMs),
  }
}

/** The pages that opened an event stream, the latest last. */
function holdersOf(context: BrowserContext): Page[] {
  const holders: Page[] = []
  context.on('request', (request) => {
    if (request.resourceType() === 'eventsource') holders.push(request.frame().page())
  })
  return holders
}

/** Resolves once all other tabs have results from after the closing. */
async function closeTab(watched: Watched, tabs: Page[], tab: Page | undefined): Promise<number> {
  if (!tab) throw new Error('No tab holds the stream.')
  tabs.splice(tabs.indexOf(tab), 1)
  await tab.close()
  const closedMs = performance.now()
  const isNewer = (ageMs: number) => ageMs < performance.now() - closedMs
  await Promise.all(tabs.map((tab) => untilLive(tab, isNewer)))
  const ms = Math.round(performance.now() - closedMs)
  await until(async () => (await streams(watched)) === 1, SETTLE_MS, 'one event stream')
  return ms
}

/** Live by SSE, with a result that is younger than this. */
async function untilLive(page: Page, isYoung: (ageMs: number) => boolean): Promise<void> {
  const badge = page.locator('[data-transport=sse]').first()
  await badge.waitFor({ timeout: SETTLE_MS })
  await until(async () => isYoung(ageOf(await badge.getAttribute('title'))), SETTLE_MS, 'news')
  await page.locator('[data-stale=false]').first().waitFor({ timeout: SETTLE_MS })
}

/** From the badge's words: `Server-Sent Events. Newest result 0.7s old`. */
function ageOf(words: string | null): number {
  return Number(/([\d.]+)s old/.exec(words ?? '')?.[1] ?? Number.POSITIVE_INFINITY) * 1_000
}

/** How many readers the server has over SSE. */
async function streams({ program }: Watched): Promise<number> {
  const metrics = await (await fetch(`${program.url}/metrics`)).text()
  return Number(/^echowall_live_readers\{transport="sse"\} (\d+)$/m.exec(metrics)?.[1])
}
