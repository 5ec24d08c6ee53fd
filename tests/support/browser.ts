// A real Chromium, from an npm package: nothing to install, nothing to download.
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContext, chromium as playwright } from 'playwright-core'
import type { Person } from './person.ts'

// Not the package's own list: one process for everything, and no web security, is for lambdas.
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
]

/** Headless, without Chromium's own traffic; with `loopbackName` that host is 127.0.0.1. */
export async function openBrowser(loopbackName?: string): Promise<Browser> {
  const names = loopbackName ? [`--host-resolver-rules=MAP ${loopbackName} 127.0.0.1`] : []
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...CHROMIUM_ARGUMENTS, ...names],
    headless: true,
  })
}

export type ContextOptions = {
  /** Signed in as this person. */
  person?: Person
  colorScheme?: 'dark' | 'light'
  width?: number
  height?: number
  /** As behind a proxy that lets no WebSocket through. */
  withoutWebSocket?: boolean
}

/** A window of one's own: cookies, storage and size are shared with nobody. */
export async function openContext(
  browser: Browser,
  url: string,
  options: ContextOptions = {},
): Promise<BrowserContext> {
  const { person, colorScheme = 'dark', width = 1440, height = 900, withoutWebSocket } = options
  const context = await browser.newContext({
    baseURL: url,
    colorScheme,
    locale: 'en',
    viewport: { width, height },
  })
  if (person) await context.addCookies(cookiesOf(person, url))
  if (withoutWebSocket) {
    await context.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'WebSocket')
    })
  }
  return context
}

export function cookiesOf({ cookie }: Person, url: string) {
  return cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=')
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url }
  })
}
