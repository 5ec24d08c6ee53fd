import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '#lib/launch/ports.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { ADMIN, type Program, startProgram } from '../support/program.ts'

// A name of the office network: neither HTTPS nor loopback, so browsers hide much from its pages.
const NAME = 'wall.example'

let url: string
let program: Program
let browser: Browser
beforeAll(async () => {
  const port = String(await freePort('127.0.0.1'))
  url = `http://${NAME}:${port}`
  program = await startProgram({ PORT: port, BASE_URL: url })
  browser = await openBrowser(NAME)
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

async function signInByForm(page: Page): Promise<void> {
  await page.goto('/sign-in')
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  await page.getByLabel('Employee number').fill(ADMIN.employee_no)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${url}/`)
}

async function seesRoundTripsOver(page: Page, transport: string): Promise<void> {
  await page.locator('[data-figure="last"]').first().filter({ hasText: ' ms' }).waitFor()
  await page.locator(`[data-transport="${transport}"]`).first().waitFor()
}

describe('a wall served over plain HTTP by a name', () => {
  it('takes a pasted list, and is live over WebSocket and over SSE', async () => {
    const context = await openContext(browser, url)
    const page = await context.newPage()
    await signInByForm(page)
    await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1')
    await page.getByRole('button', { name: 'Ping 1 address' }).click()
    await seesRoundTripsOver(page, 'websocket')
    await context.close()

    const other = await openContext(browser, url, { withoutWebSocket: true })
    const withoutWebSocket = await other.newPage()
    await signInByForm(withoutWebSocket)
    await seesRoundTripsOver(withoutWebSocket, 'sse')
    await other.close()
  })

  it('copies a frame of the inspector to the clipboard', async () => {
    const context = await openContext(browser, url)
    const page = await context.newPage()
    await signInByForm(page)
    await page.goto('/inspect')
    const list = page.getByRole('listbox', { name: 'Frames' })
    await list.locator('[data-label="welcome"]').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await list.focus()
    await page.keyboard.press('Home')
    await list.locator('[data-label="welcome"]').click()
    await page.getByRole('button', { name: 'Pretty' }).click()
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const filter = page.getByPlaceholder('Filter by kind or content')
    await filter.focus()
    await page.keyboard.press('Control+V')
    expect(await filter.inputValue()).toBe(await page.locator('[data-detail] pre').textContent())
    await context.close()
  })
})
