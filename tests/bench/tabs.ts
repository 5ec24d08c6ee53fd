// Whether one more page of a browser loads as fast beside tabs that are all live.
import { type BrowserContext, errors } from 'playwright-core'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeGroup, signIn } from '../support/person.ts'
import { tableOf } from '../support/printed-page.ts'
import { startProgram } from '../support/program.ts'
import { sized } from './command-line.ts'
import { withSpread } from './figures.ts'
import { tableOfGoals } from './goal.ts'

/** A browser opens six HTTP/1.1 connections to a host: event streams beyond that block every page. */
const TABS = [0, 1, 5, 6, 8]
const LOADS = sized(7, 3)
const HOSTS = Array.from({ length: 10 }, (_, i) => `127.1.0.${i + 1}`)
/** A page that is not there by then is blocked. */
const PATIENCE_MS = 10_000

const TRANSPORTS = ['WebSocket', 'SSE'] as const

type Transport = (typeof TRANSPORTS)[number]
/** Milliseconds of each load by the number of tabs; infinite when the page was blocked. */
type Loads = Map<number, number[]>

/** The lines of the part: how long a further page takes, by how many tabs are open. */
export async function measureTabs(): Promise<string[]> {
  const program = await startProgram()
  const browser = await openBrowser()
  try {
    const person = await signIn(program.url)
    await makeGroup(person, HOSTS)
    const loads = new Map<Transport, Loads>()
    for (const transport of TRANSPORTS) {
      const withoutWebSocket = transport === 'SSE'
      const context = await openContext(browser, program.url, { person, withoutWebSocket })
      loads.set(transport, await loadBesideTabs(context))
      await context.close()
    }
    return linesOf(loads)
  } finally {
    await browser.close()
    await program.stop()
  }
}

async function loadBesideTabs(context: BrowserContext): Promise<Loads> {
  const loads: Loads = new Map()
  // The first load fills the browser's cache.
  await timeLoad(context)
  let open = 0
  for (const tabs of TABS) {
    for (; open < tabs; open += 1) await openTab(context)
    const times: number[] = []
    for (let load = 0; load < LOADS; load += 1) times.push(await timeLoad(context))
    loads.set(tabs, times)
  }
  return loads
}

/** A tab that stays open, live where it can be. */
async function openTab(context: BrowserContext): Promise<void> {
  const tab = await context.newPage()
  try {
    await tab.goto('/', { timeout: PATIENCE_MS })
    await tab
      .locator('[data-transport]:not([data-transport=offline])')
      .waitFor({ timeout: PATIENCE_MS })
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error
  }
}

async function timeLoad(context: BrowserContext): Promise<number> {
  const page = await context.newPage()
  const startMs = performance.now()
  try {
    await page.goto('/', { waitUntil: 'load', timeout: PATIENCE_MS })
    return performance.now() - startMs
  } catch (error) {
    if (error instanceof errors.TimeoutError) return Number.POSITIVE_INFINITY
    throw error
  } finally {
    await page.close()
  }
}

function linesOf(loads: Map<Transport, Loads>): string[] {
  const timesOf = (transport: Transport, tabs: number) => loads.get(transport)?.get(tabs) ?? []
  const rows = TABS.map((tabs) => [
    String(tabs),
    ...TRANSPORTS.map((transport) => cellOf(timesOf(transport, tabs))),
  ])
  const most = Math.max(...TABS)
  const goals = TRANSPORTS.map((transport) => ({
    subject: `further pages blocked beside ${most} tabs live by ${transport}`,
    measured: [blockedOf(timesOf(transport, most))],
    limit: 0,
    unit: '',
  }))
  return [
    `The wall loaded ${LOADS} times (median, and from the least to the most) beside tabs that show it live.`,
    '',
    ...tableOf(['Tabs open', ...TRANSPORTS.map((transport) => `by ${transport}`)], rows),
    '',
    ...tableOfGoals(goals),
  ]
}

function cellOf(times: number[]): string {
  const blocked = blockedOf(times)
  return blocked > 0 ? `${blocked} of ${times.length} blocked` : `${withSpread(times, 0)} ms`
}

function blockedOf(times: number[]): number {
  return times.filter((ms) => ms === Number.POSITIVE_INFINITY).length
}
