import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, openContext } from '../support/browser.ts'
import { makeChange } from '../support/made-change.ts'
import { makeColleague, makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'
import { sha256, unzip } from '../support/unzipped.ts'

const SECONDS = 2_400

let program: Program
let browser: Browser
let person: Person
let colleague: Person
let groupId: string
let targetId: string
/** When the second address became slower, and the third began to lose. */
let at: Date
let context: BrowserContext
let page: Page

beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
  colleague = await makeColleague(program.url, person)
  const hosts = ['127.7.0.1 same', '127.7.0.2 slower', '127.7.0.3 lossy', '127.7.0.4 new']
  const group = await makeGroup(person, hosts)
  groupId = group.id
  targetId = group.added[1]?.id ?? ''
  at = await makeChange(await program.databaseUrl(), group, SECONDS)
  browser = await openBrowser()
})
beforeEach(async () => {
  context = await openContext(browser, program.url, { person })
  page = await context.newPage()
  return () => context.close()
})
afterAll(async () => {
  await browser?.close()
  await program?.stop()
})

const sentence = () => page.locator('[data-sentence]')
const parameters = () => new URL(page.url()).searchParams
const openComparison = (asked: Record<string, string> = { at: at.toISOString(), seconds: '600' }) =>
  page.goto(`/groups/${groupId}/comparison?${new URLSearchParams(asked)}`)

describe('the page of a comparison', () => {
  it('says in one sentence what changed, and lists each address by its verdict', async () => {
    await openComparison()
    await sentence()
      .filter({
        hasText:
          /^After .*: p95 \+[\d.]+ ms, loss \+[\d.]+ percentage points, 2 addresses worse\.$/,
      })
      .waitFor()
    const rows = page.locator('[data-compared]')
    await until(async () => (await rows.count()) === 4)
    const verdicts = await rows.evaluateAll((all) =>
      all.map((row) => row.getAttribute('data-verdict')),
    )
    expect(verdicts).toEqual(['worse', 'worse', 'unknown', 'unchanged'])
    expect(await rows.nth(0).textContent()).toMatch(/lossy.*0 % → 33\.3 %/)
    expect(await rows.nth(1).textContent()).toMatch(/slower.*20\.\d ms → 2[45]\.\d ms/)
    await rows.nth(1).getByRole('link').click()
    await page.waitForURL(`**/targets/${targetId}?from=*`)
  })

  it('is brought back by its URL, and asks anew for another length or time', async () => {
    await openComparison()
    await sentence().waitFor()
    await page
      .getByRole('button', { name: '10 min' })
      .and(page.locator('[aria-pressed=true]'))
      .waitFor()
    await page.getByRole('button', { name: '1 h' }).click()
    await until(() => parameters().get('seconds') === null)
    const early = new Date(at.getTime() - 600_000)
    const local = await page.evaluate((ms) => {
      const shifted = ms - new Date(ms).getTimezoneOffset() * 60_000
      return new Date(shifted).toISOString().slice(0, 19)
    }, early.getTime())
    await page.getByLabel('At', { exact: true }).first().fill(local)
    await page.getByRole('button', { name: '10 min' }).click()
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await sentence()
      .filter({ hasText: 'round trips unchanged, loss unchanged, no address worse' })
      .waitFor()
    const url = page.url()
    await page.reload()
    await sentence().filter({ hasText: 'no address worse' }).waitFor()
    expect(page.url()).toBe(url)
    expect(Date.parse(parameters().get('at') ?? '')).toBe(Math.floor(early.getTime() / 1000) * 1000)
  })

  it('takes a marked change as its moment; a mark comes to open pages and goes with undo', async () => {
    await openComparison({})
    const marks = page.getByRole('region', { name: 'Marks' })
    await marks.getByText('No change is marked here').waitFor()
    const text = 'new uplink'
    await person.post(`/api/groups/${groupId}/marks`, { at: at.toISOString(), text })
    await marks.getByText(text).waitFor()
    await page.getByRole('combobox', { name: 'Mark' }).selectOption({ label: text })
    await until(() => parameters().get('at') === at.toISOString())
    await page.getByRole('button', { name: '10 min' }).click()
    await sentence().filter({ hasText: '2 addresses worse' }).waitFor()
    await marks.getByRole('button', { name: `Remove the mark “${text}”` }).click()
    await marks.getByText('No change is marked here').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await marks.getByText(text).waitFor()
  })

  it('does not exist for those who may not see the group', async () => {
    const theirs = await openContext(browser, program.url, { person: colleague })
    const other = await theirs.newPage()
    expect((await other.goto(`/groups/${groupId}/comparison`))?.status()).toBe(404)
    expect((await other.goto('/groups/x/comparison'))?.status()).toBe(404)
    await theirs.close()
  })
})

describe('the page of a target', () => {
  it('marks a change where it is looked at, and compares before and after it', async () => {
    await page.goto(`/groups/${groupId}/targets/${targetId}?range=3600`)
    const marks = page.getByRole('region', { name: 'Marks' })
    await marks.getByRole('button', { name: 'Mark a change' }).click()
    await marks.getByRole('textbox', { name: 'What was changed' }).fill('route moved')
    await marks.getByRole('button', { name: 'Mark', exact: true }).click()
    await marks.getByText('route moved').click()
    await page.waitForURL(`**/groups/${groupId}/comparison?at=*`)
  })

  it('gives the window and each outage away as a proof pack', async () => {
    await page.goto(`/groups/${groupId}/targets/${targetId}?range=3600`)
    const pack = page.getByRole('link', { name: 'Proof pack' }).first()
    const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
    await until(async () => (await pack.getAttribute('href'))?.includes(encodeURIComponent(zone)))
    const [download] = await Promise.all([page.waitForEvent('download'), pack.click()])
    expect(download.suggestedFilename()).toMatch(/^proof-127\.7\.0\.2-\d{8}T\d{6}Z\.zip$/)
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
    const files = unzip(Buffer.concat(chunks))
    const sums = String(files.get('SHA256SUMS')).trim().split('\n')
    expect(sums).toHaveLength(files.size - 1)
    for (const line of sums) {
      const [sum, name = ''] = line.split('  ')
      expect(sha256(files.get(name) ?? Buffer.of())).toBe(sum)
    }
    const facts = JSON.parse(String(files.get('facts.json')))
    expect(facts.time_zone).toBe(zone)
    expect(String(files.get('samples.csv')).trim().split('\r\n')).toHaveLength(
      facts.figures.sent + 1,
    )
  })
})
