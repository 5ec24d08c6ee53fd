// Whether echoes keep their pace while many browsers join the wall at once.
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { makeLongLists, manyHosts } from '../support/long-list.ts'
import { signIn } from '../support/person.ts'
import { startProgram } from '../support/program.ts'
import { startChild } from './children.ts'
import { sized } from './command-line.ts'
import { quantile, withSpread } from './figures.ts'
import { tableOfGoals } from './goal.ts'
import type { JoinTask } from './joiners.ts'

const TARGETS = sized(1_000, 200)
const BROWSERS = 50
const ROUNDS = sized(5, 1)
const COUNT_MS = 10_000
/** What left then is stored by now. */
const STORED_MS = 3_000

type Round = { before: number; meanwhile: number; joinedMs: number[] }

/** The lines of the part: echoes that left in ten quiet seconds, and in ten that begin with the joining. */
export async function measureCrowd(): Promise<string[]> {
  const program = await startProgram()
  const joiners = startChild('./joiners.ts')
  const sql = postgres(await program.databaseUrl(), { max: 1 })
  try {
    const person = await signIn(program.url)
    const [id] = await makeLongLists(program, person, [manyHosts(10, TARGETS)])
    const task: JoinTask = {
      url: `${program.url.replace('http', 'ws')}/live`,
      headers: { cookie: person.cookie, origin: program.url },
      topic: `group:${id}`,
      count: BROWSERS,
    }
    const rounds: Round[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(COUNT_MS)
      const joiningMs = Date.now()
      const { joinedMs } = await joiners.ask<{ joinedMs: number[] }>(task)
      await pause(COUNT_MS + STORED_MS - (Date.now() - joiningMs))
      const [before, meanwhile] = [
        await countEchoes(sql, joiningMs - COUNT_MS),
        await countEchoes(sql, joiningMs),
      ]
      rounds.push({ before, meanwhile, joinedMs })
    }
    return linesOf(rounds)
  } finally {
    await joiners.end()
    await sql.end()
    await program.stop()
  }
}

async function countEchoes(sql: postgres.Sql, fromMs: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from samples
    where at >= ${new Date(fromMs)} and at < ${new Date(fromMs + COUNT_MS)}`
  return row?.count ?? 0
}

function linesOf(rounds: Round[]): string[] {
  const perSecond = (counts: number[]) =>
    withSpread(
      counts.map((count) => count / (COUNT_MS / 1_000)),
      0,
    )
  const slowest = rounds.map(({ joinedMs }) => quantile(joinedMs, 1))
  const change = ({ before, meanwhile }: Round) => (100 * Math.abs(meanwhile - before)) / before
  return [
    `${BROWSERS} readers join ${TARGETS} addresses at once, and ask for the strips of 18 rows; ${ROUNDS} rounds.`,
    `Echoes a second: ${perSecond(rounds.map(({ before }) => before))} before, ${perSecond(rounds.map(({ meanwhile }) => meanwhile))} meanwhile.`,
    `The last of them has rows, counts and strips after ${withSpread(slowest, 0)} ms.`,
    '',
    ...tableOfGoals([
      {
        subject: 'change of the rate of echoes',
        measured: rounds.map(change),
        limit: 1,
        unit: '%',
      },
    ]),
  ]
}
