// A page that a test hides, freezes and wakes: Playwright keeps its own always in sight.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { WebSocket } from 'ws'
import { CHROMIUM_ARGUMENTS, cookiesOf } from './browser.ts'
import type { Person } from './person.ts'

export type BarePage = {
  /** Runs an expression in the page; what it gives travels as JSON. */
  read<T>(expression: string): Promise<T>
  hide(): Promise<void>
  show(): Promise<void>
  /** As a browser does with hidden pages to save power: events first, then nothing runs. */
  freeze(): Promise<void>
  unfreeze(): Promise<void>
  setOffline(isOffline: boolean): Promise<void>
  /** What Chromium has counted for this page (Performance.getMetrics). */
  metrics(): Promise<Record<string, number>>
  close(): Promise<void>
}

type Answer = { id?: number; result?: unknown; error?: { message: string } }
type Send = <T>(method: string, params?: object, sessionId?: string) => Promise<T>

/** Opens the URL as this person in a browser of its own, spoken to by the DevTools protocol alone. */
export async function openBarePage(url: string, person: Person): Promise<BarePage> {
  const profile = await mkdtemp(join(tmpdir(), 'echowall-chromium-'))
  const browser = spawn(
    await chromium.executablePath(),
    [
      ...CHROMIUM_ARGUMENTS,
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise((resolve) => browser.once('exit', resolve))
  const socket = new WebSocket(await debuggerUrl(browser.stderr))
  await new Promise((resolve) => socket.once('open', resolve))
  const send = speak(socket)
  const { targetId } = await send<{ targetId: string }>('Target.createTarget', {
    url: 'about:blank',
  })
  const attachment = { targetId, flatten: true }
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', attachment)
  const { windowId } = await send<{ windowId: number }>('Browser.getWindowForTarget', { targetId })
  const ask: Send = (method, params) => send(method, params, sessionId)
  await ask('Network.enable')
  await ask('Performance.enable')
  await ask('Network.setCookies', { cookies: cookiesOf(person, url) })
  await ask('Page.navigate', { url })
  const setWindow = async (windowState: string) => {
    await send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
  }
  const setLife = async (state: string) => {
    await ask('Page.setWebLifecycleState', { state })
  }

  return {
    async read<T>(expression: string) {
      const asked = { expression, awaitPromise: true, returnByValue: true }
      const { result } = await ask<{ result: { value: T } }>('Runtime.evaluate', asked)
      return result.value
    },
    hide: () => setWindow('minimized'),
    show: () => setWindow('normal'),
    freeze: () => setLife('frozen'),
    unfreeze: () => setLife('active'),
    async setOffline(offline) {
      const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
      await ask('Network.emulateNetworkConditions', { offline, ...unlimited })
    },
    async metrics() {
      type Metric = { name: string; value: number }
      const { metrics } = await ask<{ metrics: Metric[] }>('Performance.getMetrics')
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
    },
    async close() {
      socket.close()
      browser.kill()
      await ended
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** Chromium prints where it listens. */
async function debuggerUrl(output: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of output) {
    text += chunk
    const url = /ws:\/\/127\.0\.0\.1\S+/.exec(text)?.[0]
    if (url) return url
  }
  throw new Error(`Chromium did not start: ${text}`)
}

function speak(socket: WebSocket): Send {
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  socket.on('message', (data) => {
    const answer: Answer = JSON.parse(data.toString())
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })
  return <T>(method: string, params = {}, sessionId?: string) =>
    new Promise<T>((resolve, reject) => {
      lastId += 1
      // The protocol's own description says what each method answers.
      waiting.set(lastId, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as T),
      )
      socket.send(JSON.stringify({ id: lastId, method, params, sessionId }))
    })
}
