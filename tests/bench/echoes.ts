// How late an answer is on a browser's screen, while others watch the same wall.
import { setTimeout as pause } from 'node:timers/promises'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeLongLists, manyHosts } from '../support/long-list.ts'
import { signIn } from '../support/person.ts'
import { startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'
import { sized } from './command-line.ts'
import { quantile, withSpread } from './figures.ts'
import { tableOfGoals } from './goal.ts'
import { openReaders, readersOfWall } from './readers.ts'

const TARGETS = sized(1_000, 200)
const VIEWERS = 20
const ROUNDS = sized(5, 1)
const ROUND_MS = 5_000
/** Answers wait so long at most until they are stored together. */
const FLUSH_MS = 250

// An answer was there when its echo had left and its round trip was over; both clocks are this machine's.
const WATCH = `
  const late = (globalThis.late = [])
  globalThis.WebSocket = class extends WebSocket {
    constructor(...parts) {
      super(...parts)
      this.addEventListener('message', ({ data }) => {
        if (!data.includes('"samples.arrived"')) return
        const { at, d, v } = JSON.parse(data).event.samples
        requestAnimationFrame(() => {
          const nowMs = Date.now()
          for (const [i, us] of v.entries()) if (us >= 0) late.push(nowMs - at - d[i] - us / 1000)
        })
      })
    }
  }`

/** The lines of the part: from an answer to the frame of the browser that paints it. */
export async function measureEchoes(): Promise<string[]> {
  const program = await startProgram()
  const browser = await openBrowser()
  try {
    const person = await signIn(program.url)
    const [id] = await makeLongLists(program, person, [manyHosts(10, TARGETS)])
    const others = Array.from({ length: VIEWERS - 1 }, () => `group:${id}`)
    const readers = await openReaders(readersOfWall(program.url, person, others))
    const context = await openContext(browser, program.url, { person })
    const page = await context.newPage()
    await page.addInitScript(WATCH)
    await page.goto('/')
    await until(() => page.evaluate<number>('late.length'), 30_000)
    const rounds: number[][] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.evaluate('late.length = 0')
      await pause(ROUND_MS)
      rounds.push(await page.evaluate<number[]>('late'))
    }
    await readers.end()
    return linesOf(rounds)
  } finally {
    await browser.close()
    await program.stop()
  }
}

function linesOf(rounds: number[][]): string[] {
  const p50 = rounds.map((late) => quantile(late, 0.5))
  const p95 = rounds.map((late) => quantile(late, 0.95))
  return [
    `${TARGETS} addresses, one echo a second each; ${VIEWERS} viewers, one of them the browser; ${ROUNDS} rounds of ${ROUND_MS / 1_000} s.`,
    `From an answer to the frame that paints it: p50 ${withSpread(p50, 0)} ms, p95 ${withSpread(p95, 0)} ms.`,
    '',
    ...tableOfGoals([
      {
        subject: `p95 on top of the ${FLUSH_MS} ms after which answers are stored`,
        measured: p95.map((ms) => ms - FLUSH_MS),
        limit: 150,
        unit: 'ms',
      },
    ]),
  ]
}
