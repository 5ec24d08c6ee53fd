import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServerFrame, ServerFrame as ServerFrameShape } from '#lib/live/protocol.ts'
import { DENSITIES } from '../../app/_group/card-size.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeLongLists, manyHosts } from '../support/long-list.ts'
import { type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const TARGETS = 1_000
const hosts = manyHosts(2, TARGETS)

let program: Program
let browser: Browser
let person: Person
beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  await makeLongLists(program, person, [hosts])
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

function hearFrames(page: Page): { frames: ServerFrame[]; bytes: () => number } {
  const frames: ServerFrame[] = []
  let bytes = 0
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      bytes += payload.length
      frames.push(ServerFrameShape.parse(JSON.parse(payload.toString())))
    }),
  )
  return { frames, bytes: () => bytes }
}

const replayed = (frames: ServerFrame[]) =>
  frames.flatMap((frame) => (frame.type === 'replay' ? frame.strips.map(({ n }) => n) : []))

// The share of a strip's oldest tenth that is painted: what only a replay brings.
function oldestPainted(page: Page, host: string): Promise<number> {
  return page
    .locator(`[data-target-host="${host}"] canvas`)
    .evaluate((canvas: HTMLCanvasElement) => {
      const width = Math.floor(canvas.width / 10)
      const pixels = canvas.getContext('2d')?.getImageData(0, canvas.height - 1, width, 1).data
      return (pixels?.filter((value, i) => i % 4 === 3 && value > 0).length ?? 0) / width
    })
}

// From the first frame on: how high the highest strip was, in CSS pixels.
const MEASURE_STRIPS = `
  globalThis.highest = 0
  const look = () => {
    for (const { clientHeight } of document.querySelectorAll('canvas')) {
      globalThis.highest = Math.max(globalThis.highest, clientHeight)
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)`

describe('a card of a thousand rows', () => {
  it('brings the strips of the rows in sight, and those of others once they are scrolled to', async () => {
    const context = await openContext(browser, program.url, { person })
    const page = await context.newPage()
    await page.addInitScript(MEASURE_STRIPS)
    const { frames, bytes } = hearFrames(page)
    await page.goto('/')
    await page.locator('[data-figure="answering"]', { hasText: `${TARGETS}/${TARGETS}` }).waitFor()
    await until(async () => (await oldestPainted(page, hosts[0] ?? '')) > 0.5, 20_000)
    expect(bytes()).toBeLessThan(300_000)
    const first = replayed(frames)
    expect(new Set(first).size).toBe(first.length)
    expect(first.length).toBeLessThan(30)
    expect(frames.flatMap((frame) => (frame.type === 'snapshot' ? [frame.more] : []))).toEqual([
      true,
      false,
    ])

    await page.getByRole('list').evaluate((list) => list.parentElement?.scrollTo({ top: 14_000 }))
    await until(async () => (await oldestPainted(page, hosts[505] ?? '')) > 0.5, 20_000)
    const both = replayed(frames)
    expect(both.length).toBeGreaterThan(first.length)
    expect(new Set(both).size).toBe(both.length)
    expect(await page.evaluate('highest')).toBeLessThan(DENSITIES.regular)
    await context.close()
  })
})
