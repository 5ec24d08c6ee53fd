// Prints what a delivery costs beside a bare loop of ws and postgres.js, as ratios.
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import type { SampleColumns } from '#lib/samples/contract.ts'
import { type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { type Child, cpuSeconds, median, residentKiB, startChild } from './children.ts'
import type { ClientsReport, ClientsTask } from './live-clients.ts'

const CONNECTIONS = 1_000
const GROUPS = 10
const RATES = [10_000, 40_000]
const ROUNDS = 3
const MEASURE_MS = 8_000
const SAMPLES = 50

type Figures = { cpuUs: number; p50Ms: number; p99Ms: number; lost: number; perSecond: number }
type Subject = { name: string; pid: number; clients: Child; announce: (group: number) => void }

const program = await startProgram()
const url = await program.databaseUrl()
const notifier = postgres(url, { max: 1, onnotice: () => {} })
const database = openDatabase({ url, name: 'bench', connections: 1 })
const channels = createPostgresLayer({ url, db: database.db, log: createLog('silent') })
const bareServer = startChild('./bare-server.ts', [url])
try {
  const subjects = [await prepareOurs(program), await prepareBare()]
  for (const rate of RATES) await compare(subjects, rate)
} finally {
  bareServer.end()
  await channels.close()
  await notifier.end()
  await database.close()
  await program.stop()
}

async function compare(subjects: Subject[], rate: number): Promise<void> {
  const rounds = new Map<string, Figures[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) {
      rounds.get(subject.name)?.push(await measure(subject, rate))
    }
  }
  console.log(`\n${rate} deliveries a second to ${CONNECTIONS} readers, ${cpus()[0]?.model}:`)
  const of = (name: string, pick: (figures: Figures) => number) =>
    median((rounds.get(name) ?? []).map(pick))
  for (const { name } of subjects) {
    const figures = [
      `${of(name, (f) => f.cpuUs).toFixed(1)} µs CPU a delivery`,
      `p50 ${of(name, (f) => f.p50Ms)} ms`,
      `p99 ${of(name, (f) => f.p99Ms)} ms`,
      `${Math.round(of(name, (f) => f.perSecond))} a second`,
      `${of(name, (f) => f.lost)} lost`,
    ]
    console.log(`  ${name.padEnd(10)} ${figures.join(', ')}`)
  }
  const ratios = (rounds.get('echowall') ?? []).map(
    (figures, i) => figures.cpuUs / (rounds.get('bare loop')?.[i]?.cpuUs ?? Number.NaN),
  )
  console.log(`  ratio      ${median(ratios).toFixed(2)} (median of ${ROUNDS} pairs)`)
}

async function measure(subject: Subject, rate: number): Promise<Figures> {
  const everyMs = (1_000 * CONNECTIONS) / GROUPS / rate
  subject.clients.tell({ order: 'reset' })
  const [cpu, startMs] = [cpuSeconds(subject.pid), performance.now()]
  let sent = 0
  while (performance.now() - startMs < MEASURE_MS) {
    const due = Math.floor((performance.now() - startMs) / everyMs)
    for (; sent < due; sent += 1) subject.announce(sent % GROUPS)
    await pause(2)
  }
  const seconds = (performance.now() - startMs) / 1_000
  await pause(1_500)
  const used = cpuSeconds(subject.pid) - cpu
  const { received, p50Ms, p99Ms } = await subject.clients.ask<ClientsReport>({ order: 'report' })
  const lost = sent * (CONNECTIONS / GROUPS) - received
  return { cpuUs: (used * 1e6) / received, p50Ms, p99Ms, lost, perSecond: received / seconds }
}

async function prepareOurs({ url: wall, pid }: Program): Promise<Subject> {
  const person = await signIn(wall)
  const ids = await makeGroups(person)
  const web = await pid('web')
  const before = residentKiB(web)
  const clients = await openClients({
    urls: Array(CONNECTIONS).fill(`${wall.replace('http', 'ws')}/live`),
    headers: { cookie: person.cookie, origin: wall },
    topics: [...Array(CONNECTIONS).keys()].map((i) => `group:${ids[i % GROUPS]}`),
  })
  await pause(3_000)
  const each = (residentKiB(web) - before) / CONNECTIONS
  console.log(`${each.toFixed(1)} KiB of resident memory for each of ${CONNECTIONS} idle readers`)
  const announce = (group: number) => {
    const message = {
      type: 'samples.arrived',
      cursor: new Date().toISOString(),
      samples: someSamples(),
    }
    void channels.groupSend(groupOfWatchers(ids[group] ?? ''), message)
  }
  return { name: 'echowall', pid: web, clients, announce }
}

async function prepareBare(): Promise<Subject> {
  const { port } = await bareServer.ask<{ port: number }>()
  const rooms = [...Array(CONNECTIONS).keys()].map((i) => `/${i % GROUPS}`)
  const clients = await openClients({
    urls: rooms.map((room) => `ws://127.0.0.1:${port}${room}`),
    headers: {},
    topics: rooms.map(() => undefined),
  })
  const announce = (group: number) => {
    const payload = JSON.stringify({ room: `/${group}`, samples: someSamples() })
    // Queries of postgres.js are lazy.
    void notifier`select pg_notify('bare', ${payload})`.execute()
  }
  return { name: 'bare loop', pid: bareServer.pid, clients, announce }
}

async function makeGroups(person: Person): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < GROUPS; i += 1) {
    ids.push((await person.post<{ id: string }>('/api/groups', { name: `group ${i}` })).id)
  }
  return ids
}

async function openClients(task: ClientsTask): Promise<Child> {
  const clients = startChild('./live-clients.ts')
  await clients.ask({ open: task })
  return clients
}

// A quarter second of a group of 200: what one flush announces.
function someSamples(): SampleColumns {
  const n = [...Array(SAMPLES).keys()]
  return { at: Date.now(), n, d: n.map((i) => i * 5), v: n.map((i) => 200 + i) }
}
