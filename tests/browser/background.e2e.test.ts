import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BarePage, openBarePage } from '../support/bare-page.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const LIVE_MS = 15_000
/** Longer than the three seconds after which nothing may be taken for the present. */
const AWAY_MS = 4_000

let program: Program
let person: Person
let page: BarePage

beforeAll(async () => {
  program = await startProgram({ HEARTBEAT_SECONDS: '1' })
  person = await signIn(program.url)
  await makeGroup(person, ['127.8.0.1', '127.8.0.2', '127.8.0.3'])
})
afterAll(() => program?.stop())

const attribute = (selector: string, name: string) =>
  page.read<string | null>(`document.querySelector('${selector}')?.getAttribute('${name}')`)
const isLive = async () =>
  (await attribute('[data-stale]', 'data-stale')) === 'false' &&
  (await attribute('[data-transport]', 'data-transport')) === 'websocket'

async function open(path: string): Promise<() => Promise<void>> {
  page = await openBarePage(`${program.url}${path}`, person)
  return () => page.close()
}

async function pass(ms: number): Promise<void> {
  const end = performance.now() + ms
  await until(() => performance.now() > end, ms + LIVE_MS)
}

async function webSockets(): Promise<number> {
  const metrics = await (await fetch(`${program.url}/metrics`)).text()
  return Number(/^echowall_live_readers\{transport="websocket"\} (\d+)$/m.exec(metrics)?.[1])
}

/** What the page has done in this time. */
async function work(ms: number) {
  const before = await page.metrics()
  await pass(ms)
  const after = await page.metrics()
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
  return {
    layouts: grown('LayoutCount'),
    styles: grown('RecalcStyleCount'),
    scriptMs: grown('ScriptDuration') * 1_000,
    taskMs: grown('TaskDuration') * 1_000,
  }
}

describe('a wall that nobody looks at', () => {
  it('keeps its connection, paints nothing, and shows the present when it is looked at', async () => {
    const close = await open('/')
    try {
      await until(isLive, LIVE_MS)
      const shown = await work(AWAY_MS)
      await page.hide()
      await pass(1000)
      const hidden = await work(AWAY_MS)
      console.log(JSON.stringify({ shown, hidden }))
      await page.show()
      expect(await isLive()).toBe(true)
    } finally {
      await close()
    }
  })

  it('is not connected while it is frozen; woken it is grey before it is painted, then live', async () => {
    const close = await open('/')
    try {
      await until(isLive, LIVE_MS)
      await page.read(`document.addEventListener('resume', () => setTimeout(() => {
        globalThis.staleWhenWoken = document.querySelector('[data-stale]').dataset.stale
      }))`)
      await page.hide()
      await page.freeze()
      await until(async () => (await webSockets()) === 0, LIVE_MS)
      await pass(AWAY_MS)
      await page.unfreeze()
      const wokenMs = performance.now()
      await page.show()
      await until(isLive, LIVE_MS)
      console.log(`live ${Math.round(performance.now() - wokenMs)} ms after it was woken`)
      expect(await page.read('globalThis.staleWhenWoken')).toBe('true')
    } finally {
      await close()
    }
  })

  it('goes on from its cursor when it is woken', async () => {
    const close = await open('/inspect')
    try {
      const topicIsLive = async () => (await attribute('[data-topic]', 'data-state')) === 'live'
      await until(topicIsLive, LIVE_MS)
      expect(await attribute('[data-event=open]', 'data-count')).toBe('1')
      await page.hide()
      await page.freeze()
      await until(async () => (await webSockets()) === 0, LIVE_MS)
      await page.unfreeze()
      await page.show()
      await until(topicIsLive, LIVE_MS)
      console.log(
        await page.read(
          `[...document.querySelectorAll('[data-kind]')].map((e) => e.dataset.kind + ' ' + e.dataset.label + ' ' + e.textContent.slice(0, 120)).slice(-12).join('|')`,
        ),
      )
    } finally {
      await close()
    }
  })

  it('is grey without a network and live as soon as it is back', async () => {
    const close = await open('/')
    try {
      await until(isLive, LIVE_MS)
      await page.setOffline(true)
      await until(async () => (await attribute('[data-stale]', 'data-stale')) === 'true', LIVE_MS)
      await page.setOffline(false)
      const backMs = performance.now()
      await until(isLive, LIVE_MS)
      console.log(`live ${Math.round(performance.now() - backMs)} ms after the network was back`)
    } finally {
      await close()
    }
  })
})
