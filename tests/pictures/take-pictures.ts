// Takes the README's pictures from the running program.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import type { CreatedGroup } from '#lib/groups/contract.ts'
import { openBrowser, openContext } from '../support/browser.ts'
import { measureGroupPast } from '../support/measured-past.ts'
import { type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const FOLDER = 'docs/pictures'
const INSIDE = '--inside'
/** Enough for a strip that is filled from edge to edge. */
const MEASURED_MS = 125_000

// 127.0.8.0/24 answers no more after a while, 127.0.9.0/24 loses some of its echoes.
const LOSSY = 'ip daddr 127.0.9.0/24 icmp type echo-request numgen random mod 100 < 12 drop'
const DARK = 'ip daddr 127.0.8.0/24 icmp type echo-request drop'

const WALL: [name: string, hosts: string[]][] = [
  [
    'Core',
    [
      '127.0.0.1 core-1',
      '127.0.0.2 core-2',
      '127.0.0.3 edge-north',
      '127.0.0.4 edge-south',
      '::1 core-1 over IPv6',
    ],
  ],
  [
    'Data centre east',
    [...Array(24).keys()].map((i) => `127.0.1.${i + 1} rack-${String(i + 1).padStart(2, '0')}`),
  ],
  [
    'Branches',
    [
      '127.0.2.1 Berlin',
      '127.0.9.1 Lisbon',
      '127.0.2.3 Osaka',
      '127.0.8.1 Quito',
      'branch.invalid',
    ],
  ],
  ['Access points', ['127.0.3.0/28']],
  ['Carrier links', ['127.0.4.1 carrier A', '127.0.9.2 carrier B', '127.0.4.3 carrier C']],
  ['DNS and time', ['localhost', '127.0.5.53 resolver', '127.0.5.123 time']],
]

const [HOUR, MINUTE] = [3_600, 60]
/** The group whose past is shown, and what it went through in that time. */
const LONG_KNOWN = 'Data centre east'
const PAST = {
  seconds: 8 * HOUR,
  dark: [
    { targets: 17, agoSeconds: 2 * HOUR, seconds: 7 * MINUTE },
    { targets: 2, agoSeconds: 80 * MINUTE, seconds: 20 * MINUTE },
  ],
  away: { agoSeconds: 5 * HOUR, seconds: 15 * MINUTE },
}

/** `shows` is there once the page is full. */
const WALL_PAGE = { width: 1440, height: 900, path: () => '/', shows: '[data-figure="last"]' }
const GROUP_PAGE = {
  width: 1440,
  height: 1_080,
  path: ({ id }: CreatedGroup) => `/groups/${id}?range=${6 * HOUR}`,
  shows: '[data-stripe]',
}
const TARGET_PAGE = {
  width: 1440,
  height: 1_080,
  path: ({ id, added }: CreatedGroup) =>
    `/groups/${id}/targets/${added[1]?.id}?${beforeLive()}&with=${added[19]?.id}`,
  shows: '[data-resolution] .u-over',
}
// Six hours until the made-up past ends: real round trips of loopback are a hundredth of its own.
function beforeLive(): URLSearchParams {
  const toMs = Date.now() - 6 * MINUTE * 1000
  const iso = (ms: number) => new Date(ms).toISOString()
  return new URLSearchParams({ from: iso(toMs - 6 * HOUR * 1000), to: iso(toMs) })
}

const PICTURES = [
  { name: 'wall', colorScheme: 'dark', ...WALL_PAGE },
  { name: 'wall-light', colorScheme: 'light', ...WALL_PAGE },
  { name: 'wall-phone', colorScheme: 'dark', ...WALL_PAGE, width: 390, height: 844 },
  { name: 'group', colorScheme: 'dark', ...GROUP_PAGE },
  { name: 'group-light', colorScheme: 'light', ...GROUP_PAGE },
  { name: 'target', colorScheme: 'dark', ...TARGET_PAGE },
  { name: 'target-light', colorScheme: 'light', ...TARGET_PAGE },
] as const

if (process.argv.includes(INSIDE)) await takePictures()
else runInNamespace()

// A namespace of its own: its rules and its loopback touch nothing else, and vanish with it.
function runInNamespace(): void {
  const name = `echowall-${randomBytes(4).toString('hex')}`
  const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'inherit' })
  ip('netns', 'add', name)
  try {
    ip('-n', name, 'link', 'set', 'lo', 'up')
    const inside = [process.execPath, '--import', 'tsx', process.argv[1] ?? '', INSIDE]
    const { status } = spawnSync('ip', ['netns', 'exec', name, ...inside], { stdio: 'inherit' })
    process.exitCode = status ?? 1
  } finally {
    ip('netns', 'del', name)
  }
}

async function takePictures(): Promise<void> {
  execFileSync('nft', ['add', 'table', 'inet', 'wall'])
  execFileSync('nft', ['add chain inet wall in { type filter hook input priority 0 ; }'])
  execFileSync('nft', [`add rule inet wall in ${LOSSY}`])
  mkdirSync(FOLDER, { recursive: true })
  const program = await startProgram()
  const browser = await openBrowser()
  try {
    const person = await signIn(program.url)
    const group = await fillWall(program, person)
    const startedMs = performance.now()
    await until(() => performance.now() - startedMs > MEASURED_MS - 40_000, MEASURED_MS)
    execFileSync('nft', [`add rule inet wall in ${DARK}`])
    await until(() => performance.now() - startedMs > MEASURED_MS, MEASURED_MS)
    for (const picture of PICTURES) {
      await take({ browser, url: program.url, person, group }, picture)
    }
  } finally {
    await browser.close()
    await program.stop()
  }
}

// Resolves with the group that has a past.
async function fillWall(program: Program, person: Person): Promise<CreatedGroup> {
  const groups: CreatedGroup[] = []
  for (const [name, hosts] of WALL) groups.push(await person.post('/api/groups', { name, hosts }))
  const known = groups.find(({ name }) => name === LONG_KNOWN)
  if (!known) throw new Error('No group has a past.')
  await measureGroupPast(await program.databaseUrl(), known.id, PAST)
  return known
}

type Seen = { browser: Browser; url: string; person: Person; group: CreatedGroup }
type Picture = (typeof PICTURES)[number]

async function take({ browser, url, person, group }: Seen, picture: Picture): Promise<void> {
  const context = await openContext(browser, url, { person, ...picture })
  await context.addInitScript((theme) => localStorage.setItem('theme', theme), picture.colorScheme)
  const page = await context.newPage()
  await page.goto(picture.path(group))
  await page.locator(picture.shows).first().waitFor()
  const shown = page.locator('[data-stale]').first()
  await until(async () => (await shown.getAttribute('data-stale')) === 'false')
  // Two flushes: every row has heard at least one result since the page opened.
  const openedMs = performance.now()
  await until(() => performance.now() - openedMs > 2_500)
  await page.screenshot({ path: `${FOLDER}/${picture.name}.png` })
  await context.close()
}
