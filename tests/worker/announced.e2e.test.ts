import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#lib/db/client.ts'
import { countAnswering, openReader, samplesOf } from '../support/live-reader.ts'
import { makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const WATCHED_MS = 30_000
const HOSTS = [...Array(50).keys()].map((i) => `127.0.1.${i + 1}`)

describe('the worker and the wall', () => {
  let program: Program
  let person: Person
  beforeAll(async () => {
    program = await startProgram()
    person = await signIn(program.url)
  })
  afterAll(() => program?.stop())

  it('announce every stored sample and store every announced one, a worker killed in between', async () => {
    const group = await makeGroup(person, HOSTS)
    const reader = await openReader('websocket', program.url, person)
    await reader.send({ type: 'follow', topic: `group:${group.id}` })
    await reader.next('snapshot')
    const startedMs = performance.now()
    const killed = await program.pid('worker')
    await until(() => performance.now() - startedMs > WATCHED_MS / 2, WATCHED_MS)
    process.kill(killed, 'SIGKILL')
    await until(() => performance.now() - startedMs > WATCHED_MS, WATCHED_MS)
    expect(await program.pid('worker')).not.toBe(killed)

    await person.post(`/api/groups/${group.id}/stop`)
    const { sql, close } = openDatabase({ url: await program.databaseUrl(), name: 'test' })
    const stored = async () => {
      const rows = await sql<{ n: number; at: string; rtt_us: number }[]>`
        select t.n, s.at, s.rtt_us from targets t
        join target_runs r on r.target_id = t.id
        join samples s on s.probe_id = r.probe_id
          and s.at >= r.started_at and (r.ended_at is null or s.at < r.ended_at)
        where t.group_id = ${group.id}`
      return new Set(rows.map(({ n, at, rtt_us }) => `${n} ${new Date(at).getTime()} ${rtt_us}`))
    }
    const announced = () =>
      new Set(reader.frames.flatMap(samplesOf).map(({ n, at, v }) => `${n} ${at} ${v}`))
    const floors = await sql`select from canary_readings where received > 0 and median_us > 0`
    expect(floors.length).toBeGreaterThan(0)
    const metrics = async () => await (await fetch(`${program.url}/metrics`)).text()
    const told = /^echowall_samples_stored_total\{worker="[^"]+"\} [1-9]/m
    await until(async () => told.test(await metrics()), 20_000)
    // The last flush is under way when the group stops: both sides are then at rest.
    await until(async () => sameSets(await stored(), announced()), 10_000).catch(() => undefined)
    const [inDatabase, onTheWire] = [await stored(), announced()]
    await close()
    reader.close()
    expect([...inDatabase].filter((sample) => !onTheWire.has(sample))).toEqual([])
    expect([...onTheWire].filter((sample) => !inDatabase.has(sample))).toEqual([])
    expect(inDatabase.size).toBeGreaterThan(HOSTS.length * 15)
  }, 120_000)

  it('make a thousand pasted addresses live soon after the answer, and again after a restart', async () => {
    const hosts = [...Array(1_000).keys()].map((i) => `127.1.${i >> 8}.${i & 255}`).join('\n')
    const group = await person.post<{ id: string }>('/api/groups', { name: 'a thousand' })
    const reader = await openReader('websocket', program.url, person)
    await reader.send({ type: 'follow', topic: `group:${group.id}` })
    await reader.next('snapshot')
    const { added } = await person.post<{ added: unknown[] }>(`/api/groups/${group.id}/targets`, {
      hosts,
    })
    expect(added).toHaveLength(1_000)
    const answeredMs = performance.now()
    const live = (sinceMs: number) => countAnswering(reader.frames, sinceMs)
    await until(() => live(0) === 1_000, 10_000)
    console.log(
      `1,000 addresses live ${Math.round(performance.now() - answeredMs)} ms after the answer`,
    )

    const killed = await program.pid('worker')
    process.kill(killed, 'SIGKILL')
    const killedMs = Date.now()
    await until(() => live(killedMs + 1_000) === 1_000, 25_000)
    console.log(`all covered again ${Date.now() - killedMs} ms after the worker was killed`)
    reader.close()
  }, 90_000)
})

function sameSets(a: Set<string>, b: Set<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one))
}
