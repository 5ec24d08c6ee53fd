// How soon a browser that opens the wall shows a thousand addresses, and for how many bytes.
import { setTimeout as pause } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeLongLists, manyHosts } from '../support/long-list.ts'
import { signIn } from '../support/person.ts'
import { tableOf } from '../support/printed-page.ts'
import { startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'
import { sized } from './command-line.ts'
import { median, withSpread } from './figures.ts'
import { tableOfGoals } from './goal.ts'

const TARGETS = sized(1_000, 200)
const JOINS = 5
/** One card of all, and ten of a tenth each. */
const WALLS = [1, 10]
/** By then everything is there that is on its way. */
const SETTLE_MS = 1_000

type Join = {
  /** Milliseconds since the address was asked for. */
  rowsMs: number
  allMs: number
  stripsMs: number
  /** Bytes of the page, of frames until all strips in sight were there, and of scripts and styles. */
  page: number
  frames: number
  first: number
  assets: number
}

// In the page: a text, for what is compiled here would call helpers that are not there.
const WATCH = `
  const joined = (globalThis.joined = { targets: ${TARGETS} })
  const texts = (figure) => [...document.querySelectorAll('[data-figure="' + figure + '"]')].map((one) => one.textContent)
  const look = () => {
    if (!joined.rowsMs && texts('last').some((text) => /[0-9]/.test(text))) joined.rowsMs = performance.now()
    const answering = texts('answering').reduce((sum, text) => sum + (Number(text.split('/')[0]) || 0), 0)
    if (answering >= joined.targets) joined.allMs = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  globalThis.WebSocket = class extends WebSocket {
    constructor(...parts) {
      super(...parts)
      this.addEventListener('message', ({ data }) => {
        if (data.startsWith('{"type":"replay"')) joined.stripsMs = performance.now()
      })
    }
  }`

/** The lines of the part: times and bytes of joining, by how the addresses lie on the wall. */
export async function measureJoins(): Promise<string[]> {
  const browser = await openBrowser()
  try {
    const joins = new Map<number, Join[]>()
    for (const cards of WALLS) {
      const program = await startProgram()
      try {
        const person = await signIn(program.url)
        const each = TARGETS / cards
        const lists = Array.from({ length: cards }, (_, i) => manyHosts(10 + i, each))
        await makeLongLists(program, person, lists)
        const context = await openContext(browser, program.url, { person })
        // The first visit fills the browser's cache.
        await join(context)
        const runs: Join[] = []
        for (let run = 0; run < JOINS; run += 1) runs.push(await join(context))
        joins.set(cards, runs)
        await context.close()
      } finally {
        await program.stop()
      }
    }
    return linesOf(joins)
  } finally {
    await browser.close()
  }
}

async function join(context: BrowserContext): Promise<Join> {
  const page = await context.newPage()
  await page.addInitScript(WATCH)
  const bytes = { page: 0, frames: 0, first: 0, assets: 0 }
  const devtools = await context.newCDPSession(page)
  const types = new Map<string, string>()
  devtools.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type))
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes[types.get(requestId) === 'Document' ? 'page' : 'assets'] += encodedDataLength
  })
  devtools.on('Network.webSocketFrameReceived', ({ response: { payloadData } }) => {
    bytes.frames += payloadData.length
    if (payloadData.includes('"type":"snapshot"')) bytes.first ||= payloadData.length
  })
  await devtools.send('Network.enable')
  await page.goto('/', { waitUntil: 'commit' })
  const marks = () => page.evaluate<Partial<Join>>('globalThis.joined')
  await until(async () => (await marks()).allMs && (await marks()).stripsMs, 30_000)
  const framesByThen = bytes.frames
  await pause(SETTLE_MS)
  const { rowsMs = Number.NaN, allMs = Number.NaN, stripsMs = Number.NaN } = await marks()
  await page.close()
  return { rowsMs, allMs, stripsMs, ...bytes, frames: framesByThen }
}

function linesOf(joins: Map<number, Join[]>): string[] {
  const rows = [...joins].map(([cards, runs]) => {
    const times = [runs.map((r) => r.rowsMs), runs.map((r) => r.allMs), runs.map((r) => r.stripsMs)]
    const kilobytes = [runs.map((r) => r.page), runs.map((r) => r.first), runs.map((r) => r.frames)]
    return [
      `${TARGETS} in ${cards === 1 ? 'one card' : `${cards} cards`}`,
      ...times.map((values) => `${withSpread(values, 0)} ms`),
      ...kilobytes.map((values) => `${(median(values) / 1_000).toFixed(1)} KB`),
    ]
  })
  const head = ['Addresses', 'First rows', 'All live', 'Strips in sight', 'Page', 'First frame']
  const [whole = []] = joins.values()
  const goal = (subject: string, limit: number, unit: string, of: (join: Join) => number) => ({
    ...{ subject, limit, unit },
    measured: whole.map(of),
  })
  return [
    ...tableOf([...head, 'All frames'], rows),
    '',
    ...tableOfGoals([
      goal('one card: first rows', 500, 'ms', ({ rowsMs }) => rowsMs),
      goal('one card: all live', 1_000, 'ms', ({ allMs }) => allMs),
      goal('one card: page and frames', 300, 'KB', ({ page, frames }) => (page + frames) / 1_000),
      goal('one card: first frame', 200, 'KB', ({ first }) => first / 1_000),
    ]),
  ]
}
