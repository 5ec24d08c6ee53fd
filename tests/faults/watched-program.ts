// A running program with one group of loopback addresses, and a reader who watches it.
import type postgres from 'postgres'
import { openDatabase } from '#lib/db/client.ts'
import { type LiveReader, openReader, samplesOf } from '../support/live-reader.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

export type Watched = {
  program: Program
  person: Person
  groupId: string
  topic: string
  reader: LiveReader
  /** The program's database, for looking and for breaking. */
  sql: postgres.Sql
  /**
   * Stops the pings, waits until all is told, and lists what is stored and was not heard, as
   * `n at v`. Throws when next to nothing is stored.
   */
  holes(): Promise<string[]>
  /** The times of the stored echoes of each target, oldest first. */
  storedTimes(): Promise<number[][]>
  close(): Promise<void>
}

const SETTLE_MS = 15_000

/** Resolves once the first results are on the wire. */
export async function watchProgram(options: {
  addresses: number
  settings?: Record<string, string>
}): Promise<Watched> {
  const program = await startProgram(options.settings)
  try {
    return await watch(program, options.addresses)
  } catch (error) {
    await program.stop()
    throw error
  }
}

async function watch(program: Program, addresses: number): Promise<Watched> {
  const person = await signIn(program.url)
  const hosts = [...Array(addresses).keys()].map((i) => `127.0.${i >> 8}.${(i & 255) + 1}`)
  const group = await makeGroup(person, hosts)
  const topic = `group:${group.id}`
  const reader = await openReader('websocket', program.url, person)
  await reader.send({ type: 'follow', topic })
  await until(() => heard().size > 0, SETTLE_MS, 'the first results')
  const database = openDatabase({
    url: await program.databaseUrl(),
    name: 'echowall-test',
    connections: 1,
  })
  const { sql } = database

  return {
    program,
    person,
    groupId: group.id,
    topic,
    reader,
    sql,
    async holes() {
      // A short fault may be over before every address has answered once.
      await until(async () => (await stored()).length >= addresses, SETTLE_MS)
      await person.post(`/api/groups/${group.id}/stop`)
      const missing = async () => {
        const told = heard()
        return (await stored()).map(wordsOf).filter((words) => !told.has(words))
      }
      await until(isAtRest, SETTLE_MS)
      await until(async () => (await missing()).length === 0, SETTLE_MS).catch(() => undefined)
      return await missing()
    },
    async storedTimes() {
      const times = new Map<number, number[]>()
      for (const { n, at } of await stored()) times.set(n, [...(times.get(n) ?? []), at])
      return [...times.values()]
    },
    async close() {
      reader.close()
      await database.close()
      await program.stop()
    },
  }

  function heard(): Set<string> {
    return new Set(reader.frames.flatMap(samplesOf).map(wordsOf))
  }

  // The last echo has had its timeout, and its flush is over.
  async function isAtRest(): Promise<boolean> {
    const [row] = await sql<{ rests: boolean }[]>`
      select max(r.ended_at) < now() - interval '3 seconds' as rests
      from targets t join target_runs r on r.target_id = t.id where t.group_id = ${group.id}`
    return row?.rests === true
  }

  async function stored(): Promise<Sample[]> {
    return await sql<Sample[]>`
      select t.n, (extract(epoch from s.at) * 1000)::float8 as at, s.rtt_us as v
      from targets t
      join target_runs r on r.target_id = t.id
      join samples s on s.probe_id = r.probe_id
        and s.at >= r.started_at and (r.ended_at is null or s.at < r.ended_at)
      where t.group_id = ${group.id} order by s.at`
  }
}

type Sample = { n: number; at: number; v: number }

const wordsOf = ({ n, at, v }: Sample) => `${n} ${at} ${v}`
