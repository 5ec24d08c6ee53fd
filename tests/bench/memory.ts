// What an idle connection costs in resident memory, beside one of the bare loop.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { signIn } from '../support/person.ts'
import { tableOf } from '../support/printed-page.ts'
import { startProgram } from '../support/program.ts'
import { startChild } from './children.ts'
import { sized } from './command-line.ts'
import { collect, withSpread } from './figures.ts'
import { tableOfGoals } from './goal.ts'
import type { ClientsTask } from './live-clients.ts'
import { makeEmptyGroups, openReaders, readersOfBareLoop, readersOfWall } from './readers.ts'

const FEW = sized(1_000, 100)
const MANY = sized(6_000, 600)
const GROUPS = 10
const ROUNDS = sized(3, 1)
const SETTLE_MS = sized(6_000, 2_000)
const COLLECTING = {
  NODE_OPTIONS: `--import ${new URL('collect-on-signal.mjs', import.meta.url)}`,
}

/** A process that was just started, and what opens readers of it. */
type Server = { pid: number; readers(count: number): ClientsTask; close(): Promise<void> }

const KINDS = {
  'Echowall, merely connected': () => startWall(() => undefined),
  'Echowall, following a group': () => startWall((ids, i) => `group:${ids[i % GROUPS]}`),
  'bare loop': startBareLoop,
}

/** The lines of the part: resident KiB of each connection. */
export async function measureMemory(): Promise<string[]> {
  const measured = new Map<string, number[]>()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, start] of Object.entries(KINDS)) {
      const server = await start()
      try {
        collect(measured, name, await growthEach(server))
      } finally {
        await server.close()
      }
    }
  }
  return linesOf(measured)
}

// A process that has warmed up has grown by what it needs anyway; what more connections take than
// as many before is theirs.
async function growthEach({ pid, readers }: Server): Promise<number> {
  const first = await openReaders(readers(FEW))
  await first.end()
  const few = await openReaders(readers(FEW))
  const before = await residentKiB(pid)
  const more = await openReaders(readers(MANY - FEW))
  const after = await residentKiB(pid)
  await Promise.all([few.end(), more.end()])
  return (after - before) / (MANY - FEW)
}

/** Of a process of `KINDS`, once it has settled and its garbage is collected. */
async function residentKiB(pid: number): Promise<number> {
  await pause(SETTLE_MS)
  // The second time for what only the first lets go of.
  for (let time = 0; time < 2; time += 1) {
    process.kill(pid, 'SIGUSR2')
    await pause(SETTLE_MS / 2)
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])
}

async function startWall(
  topicOf: (ids: string[], index: number) => string | undefined,
): Promise<Server> {
  const program = await startProgram(COLLECTING)
  const person = await signIn(program.url)
  const ids = await makeEmptyGroups(person, GROUPS)
  const topics = (count: number) => Array.from({ length: count }, (_, i) => topicOf(ids, i))
  return {
    pid: await program.pid('web'),
    readers: (count) => readersOfWall(program.url, person, topics(count)),
    close: program.stop,
  }
}

async function startBareLoop(): Promise<Server> {
  const program = await startProgram()
  const server = startChild('./bare-server.ts', [await program.databaseUrl()], COLLECTING)
  const { port } = await server.ask<{ port: number }>()
  const rooms = (count: number) => Array.from({ length: count }, (_, i) => `/${i % GROUPS}`)
  return {
    pid: server.pid,
    readers: (count) => readersOfBareLoop(port, rooms(count)),
    async close() {
      await server.end()
      await program.stop()
    },
  }
}

function linesOf(measured: Map<string, number[]>): string[] {
  const rows = [...measured].map(([name, each]) => [name, `${withSpread(each, 1)} KiB`])
  const goals = [...measured].slice(0, 2).map(([name, each]) => ({
    subject: `resident memory of a connection, ${name}`,
    measured: each,
    limit: 16,
    unit: 'KiB',
  }))
  return [...tableOf(['Connections', 'Each'], rows), '', ...tableOfGoals(goals)]
}
