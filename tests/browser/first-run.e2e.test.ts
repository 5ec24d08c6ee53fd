import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openContext } from '../support/browser.ts'
import { signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'

const PASSWORD = 'correct horse battery'

describe('the first run', () => {
  let program: Program
  let browser: Browser
  beforeAll(async () => {
    program = await startProgram({ ADMIN_LOGIN: '', ADMIN_PASSWORD: '' })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await program?.stop()
  })

  it('prints a link that makes the administrator once, who then makes an account for a colleague', async () => {
    const link = /http:\S+\/setup\?token=\S+/.exec(program.output())?.[0] ?? ''
    const context = await openContext(browser, program.url)
    const page = await context.newPage()
    await page.goto(link)
    await page.getByLabel('Employee number').fill('10001')
    await page.getByLabel('Name', { exact: true }).fill('Ada')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.waitForURL(`${program.url}/`)
    await page.getByRole('textbox', { name: 'Addresses' }).waitFor()

    const late = await context.newPage()
    await late.goto(link)
    await late.getByRole('alert').filter({ hasText: 'used up' }).waitFor()

    await page.goto('/admin')
    await page.getByLabel('Employee number').fill('10002')
    await page.getByLabel('Name', { exact: true }).fill('Grace')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Make account' }).click()
    await page.getByText('The account of Grace is ready.').waitFor()
    await context.close()

    const grace = await signIn(program.url, { employee_no: '10002', password: PASSWORD })
    expect(await grace.get('/api/me')).toMatchObject({ name: 'Grace', role: 'member' })
    expect((await grace.ask('GET', '/api/users')).status).toBe(403)
  })

  it('keeps what is typed before the page came alive', async () => {
    const person = await signIn(program.url, { employee_no: '10002', password: PASSWORD })
    const context = await openContext(browser, program.url, { person })
    const page = await context.newPage()
    let release = () => {}
    const typed = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/*.js', async (route) => {
      await typed
      await route.continue()
    })
    await page.goto('/', { waitUntil: 'commit' })
    await page.getByLabel('Name of the group').fill('Core')
    await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1')
    release()
    await page.getByRole('button', { name: 'Ping 1 address' }).click()
    await page.getByRole('heading', { name: 'Core' }).waitFor()
    await context.close()
  })
})
