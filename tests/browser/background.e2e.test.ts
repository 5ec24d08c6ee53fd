import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
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
afterEach(() => page.close())
afterAll(() => program?.stop())

const attribute = (selector: string, name: string) =>
  page.read<string | null>(`document.querySelector('${selector}')?.getAttribute('${name}')`)
const isStale = async () => (await attribute('[data-stale]', 'data-stale')) === 'true'
const isLive = async () =>
  (await attribute('[data-stale]', 'data-stale')) === 'false' &&
  (await attribute('[data-transport]', 'data-transport')) === 'websocket'
const topicIsLive = async () => (await attribute('[data-topic]', 'data-state')) === 'live'

async function open(path: string): Promise<void> {
  page = await openBarePage(`${program.url}${path}`, person)
}

async function pass(ms: number): Promise<void> {
  const end = performance.now() + ms
  await until(() => performance.now() > end, ms + LIVE_MS)
}

async function webSockets(): Promise<number> {
  const metrics = await (await fetch(`${program.url}/metrics`)).text()
  return Number(/^echowall_live_readers\{transport="websocket"\} (\d+)$/m.exec(metrics)?.[1])
}

/** What the page does in this time. */
async function workFor(ms: number) {
  const before = await page.metrics()
  await pass(ms)
  const after = await page.metrics()
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
  return {
    paintings: grown('LayoutCount') + grown('RecalcStyleCount'),
    scriptMs: Math.round(grown('ScriptDuration') * 1_000),
  }
}

async function freeze(): Promise<void> {
  await page.hide()
  await page.freeze()
  await until(async () => (await webSockets()) === 0, LIVE_MS, 'no connection')
}

async function wake(): Promise<void> {
  await page.unfreeze()
  await page.show()
}

describe('a page that nobody looks at', () => {
  it('paints nothing, and shows the present the moment it is looked at', async () => {
    await open('/')
    await until(isLive, LIVE_MS)
    const shown = await workFor(AWAY_MS)
    await page.hide()
    await pass(1_000)
    const hidden = await workFor(AWAY_MS)
    console.log(`in ${AWAY_MS} ms: shown ${words(shown)}; hidden ${words(hidden)}`)
    await page.show()
    expect(await isLive()).toBe(true)
    expect(hidden.paintings).toBe(0)
    expect(hidden.scriptMs).toBeLessThan(shown.scriptMs)
  })

  it('keeps the connection it has, longer than the server waits for an answer', async () => {
    await open('/inspect')
    await until(topicIsLive, LIVE_MS)
    await page.hide()
    await pass(2 * AWAY_MS)
    await page.show()
    expect(await attribute('[data-event=open]', 'data-count')).toBe('1')
    expect(await topicIsLive()).toBe(true)
  })

  it('has no connection while it is frozen; woken it is grey at once, then live', async () => {
    await open('/')
    await until(isLive, LIVE_MS)
    await page.read(`document.addEventListener('resume', () => setTimeout(() => {
      globalThis.staleWhenWoken = document.querySelector('[data-stale]').dataset.stale
    }))`)
    await freeze()
    await pass(AWAY_MS)
    const wokenMs = performance.now()
    await wake()
    await until(isLive, LIVE_MS)
    console.log(`live ${Math.round(performance.now() - wokenMs)} ms after it was woken`)
    expect(await page.read('globalThis.staleWhenWoken')).toBe('true')
  })

  it('goes on from its cursor when it is woken', async () => {
    await open('/inspect')
    await until(topicIsLive, LIVE_MS)
    await freeze()
    await wake()
    const resumed = async () => {
      const texts = await page.read<string[]>(
        `[...document.querySelectorAll('[data-label=follow]')].map((row) => row.textContent)`,
      )
      return texts.some((text) => text.includes('"since"'))
    }
    await until(resumed, LIVE_MS, 'a follow with a cursor')
    await until(topicIsLive, LIVE_MS)
  })

  it('is grey without a network, and live as soon as it is back', async () => {
    await open('/')
    await until(isLive, LIVE_MS)
    await page.setOffline(true)
    await until(isStale, LIVE_MS)
    await page.setOffline(false)
    const backMs = performance.now()
    await until(isLive, LIVE_MS)
    console.log(`live ${Math.round(performance.now() - backMs)} ms after the network was back`)
  })
})

const words = ({ paintings, scriptMs }: Awaited<ReturnType<typeof workFor>>) =>
  `${paintings} layouts and styles, ${scriptMs} ms of script`
