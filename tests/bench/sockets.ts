// Whether pages and the API stay fast while live connections are open, idle and streaming.
import { setTimeout as pause } from 'node:timers/promises'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { tableOf } from '../support/printed-page.ts'
import { type Program, startProgram } from '../support/program.ts'
import { type Child, startChild } from './children.ts'
import { sized } from './command-line.ts'
import { collect, median } from './figures.ts'
import { type Goal, tableOfGoals } from './goal.ts'
import type { PageOrder, PageTimes } from './page-client.ts'
import { openReaders, readersOfWall } from './readers.ts'

const COUNTS = [0, 1, 50, 500, 2_000].map((count) => sized(count, Math.ceil(count / 20)))
/** The count whose streaming the goal speaks of. */
const JUDGED = sized(500, 25)
const GROUPS = 4
const HOSTS_PER_GROUP = 50
const ROUNDS = sized(3, 1)
const REQUESTS = sized(200, 20)
const SETTLE_MS = 3_000

/** Of the wall page, and of one call of the API. */
type Times = { page: PageTimes; api: PageTimes }
type Bench = { program: Program; person: Person; client: Child; groups: string[] }

/** The lines of the part: how long an answer takes, by how many sockets are open. */
export async function measureSockets(): Promise<string[]> {
  const program = await startProgram()
  const client = startChild('./page-client.ts')
  const runs = new Map<string, Times[]>()
  try {
    const person = await signIn(program.url)
    const groups = await makeGroups(person)
    const bench = { program, person, client, groups }
    // The first requests meet code that is not compiled yet.
    await measure(bench)
    for (let round = 0; round < ROUNDS; round += 1) await tryAllCounts(bench, runs)
  } finally {
    await client.end()
    await program.stop()
  }
  return linesOf(runs)
}

async function makeGroups(person: Person): Promise<string[]> {
  const ids: string[] = []
  for (let group = 1; group <= GROUPS; group += 1) {
    const hosts = Array.from({ length: HOSTS_PER_GROUP }, (_, i) => `127.${group}.0.${i + 1}`)
    ids.push((await makeGroup(person, hosts)).id)
  }
  return ids
}

async function tryAllCounts(bench: Bench, runs: Map<string, Times[]>): Promise<void> {
  const { program, person, groups } = bench
  const open: Child[] = []
  let sockets = 0
  for (const count of COUNTS) {
    const topics = Array.from({ length: count - sockets }, (_, i) => `group:${groups[i % GROUPS]}`)
    open.push(await openReaders(readersOfWall(program.url, person, topics)))
    sockets = count
    for (const act of ['stop', 'start'] as const) {
      for (const id of groups) await person.post(`/api/groups/${id}/${act}`)
      await pause(SETTLE_MS)
      collect(runs, nameOf(count, act === 'start'), await measure(bench))
    }
  }
  for (const readers of open) await readers.end()
}

function nameOf(sockets: number, isStreaming: boolean): string {
  return `${sockets}, ${isStreaming ? 'streaming' : 'idle'}`
}

async function measure({ program, person, client }: Bench): Promise<Times> {
  const headers = { cookie: person.cookie }
  const ask = (path: string) => {
    const order: PageOrder = { url: `${program.url}${path}`, headers, requests: REQUESTS }
    return client.ask<PageTimes>(order)
  }
  return { page: await ask('/'), api: await ask('/api/cards') }
}

function linesOf(runs: Map<string, Times[]>): string[] {
  const rows = [...runs].map(([name, times]) => [
    name,
    ...[times.map(({ page }) => page), times.map(({ api }) => api)].flatMap((one) => [
      `${median(one.map(({ p50Ms }) => p50Ms)).toFixed(1)} ms`,
      `${median(one.map(({ p95Ms }) => p95Ms)).toFixed(1)} ms`,
    ]),
  ])
  const head = ['Sockets', 'Wall page: p50', 'p95', '`GET /api/cards`: p50', 'p95']
  return [
    `${GROUPS} groups of ${HOSTS_PER_GROUP} addresses pinged each second, or stopped; ${REQUESTS} requests one after the other, ${ROUNDS} times, medians.`,
    '',
    ...tableOf(head, rows),
    '',
    ...tableOfGoals([goalOf(runs, 'wall page', 'page'), goalOf(runs, 'GET /api/cards', 'api')]),
  ]
}

function goalOf(runs: Map<string, Times[]>, name: string, what: keyof Times): Goal {
  const p95s = (run: string) => (runs.get(run) ?? []).map((times) => times[what].p95Ms)
  const atRest = p95s(nameOf(0, false))
  return {
    subject: `p95 of the ${name} with ${JUDGED} sockets streaming, above that without any`,
    measured: p95s(nameOf(JUDGED, true)).map((p95Ms, i) => p95Ms - (atRest[i] ?? Number.NaN)),
    limit: 30,
    unit: 'ms',
  }
}
