import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#lib/db/client.ts'
import { CLOSE } from '#lib/live/close-codes.ts'
import { SUBPROTOCOL } from '#lib/live/protocol.ts'
import { openReader, samplesOf, TRANSPORTS } from '../support/live-reader.ts'
import { makeColleague, makeGroup, type Person, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

let program: Program
let admin: Person
beforeAll(async () => {
  program = await startProgram()
  admin = await signIn(program.url)
})
afterAll(() => program?.stop())

describe.each(TRANSPORTS)('the live connection over %s', (transport) => {
  it('welcomes, sends the snapshot, then every reply as it comes', async () => {
    const group = await makeGroup(admin, ['127.0.0.1 core', '::1', 'localhost'])
    const reader = await openReader(transport, program.url, admin)
    const welcome = await reader.next('welcome')
    expect(welcome).toMatchObject({ protocol: SUBPROTOCOL, heartbeat_seconds: 20 })
    const topic = `group:${group.id}`
    await reader.send({ type: 'follow', topic })
    const snapshot = await reader.next('snapshot')
    expect(snapshot).toMatchObject({ topic, more: false, role: 'owner', group: { id: group.id } })
    expect(snapshot.targets?.map(({ host, label, state }) => ({ host, label, state }))).toEqual([
      { host: '127.0.0.1', label: 'core', state: 'running' },
      { host: '::1', label: '', state: 'running' },
      { host: 'localhost', label: '', state: 'running' },
    ])
    const answered = () =>
      new Set(reader.frames.flatMap(samplesOf).flatMap(({ n, v }) => (v >= 0 ? [n] : [])))
    await until(() => answered().size === 3, 10_000)
    reader.close()
    await reader.closed
  })

  it('tells of targets added, stopped and removed, and of the group renamed and deleted', async () => {
    const group = await makeGroup(admin, ['127.0.0.1'])
    const reader = await openReader(transport, program.url, admin)
    await reader.send({ type: 'follow', topic: `group:${group.id}` })
    await reader.next('snapshot')
    const changed = (
      fits: (event: { targets: { host: string; state: string }[]; removed: string[] }) => boolean,
    ) => reader.next('event', ({ event }) => event.type === 'targets.changed' && fits(event))
    const path = `/api/groups/${group.id}`
    const { added } = await admin.post<{ added: { id: string }[] }>(`${path}/targets`, {
      hosts: '127.0.0.2 second',
    })
    await changed(({ targets }) => targets.some((target) => target.host === '127.0.0.2'))
    const target = `${path}/targets/${added[0]?.id}`
    await admin.ask('PATCH', target, { state: 'stopped' })
    await changed(({ targets }) => targets.some(({ state }) => state === 'stopped'))
    await admin.ask('DELETE', target)
    await changed(({ removed }) => removed.includes(added[0]?.id ?? ''))
    await admin.ask('PATCH', path, { name: 'renamed' })
    await reader.next(
      'event',
      ({ event }) => event.type === 'group.changed' && event.group.name === 'renamed',
    )
    await admin.ask('DELETE', path)
    expect(await reader.next('ended')).toMatchObject({ topic: `group:${group.id}` })
    reader.close()
    await reader.closed
  })

  it('resumes from a cursor without a hole', async () => {
    const group = await makeGroup(admin, ['127.0.0.3'])
    const topic = `group:${group.id}`
    const first = await openReader(transport, program.url, admin)
    await first.send({ type: 'follow', topic })
    const seen = await first.next('event', ({ event }) => event.type === 'samples.arrived')
    first.close()
    await first.closed
    const since = seen.cursor
    const second = await openReader(transport, program.url, admin)
    await second.send({ type: 'follow', topic, since })
    await until(() => second.frames.flatMap(samplesOf).length >= 3, 10_000)
    const stored = await storedTimes(group.added[0]?.id ?? '')
    const heard = new Set(second.frames.flatMap(samplesOf).map(({ at }) => at))
    const missing = stored.filter(
      (at) => at > Date.parse(since) && at <= Math.max(...heard) && !heard.has(at),
    )
    expect(missing).toEqual([])
    second.close()
    await second.closed
  })

  it('brings last results and counts where no more is wanted, and strips when asked', async () => {
    const group = await makeGroup(admin, ['127.0.0.4', '127.0.0.5'])
    const topic = `group:${group.id}`
    const reader = await openReader(transport, program.url, admin)
    await reader.send({ type: 'follow', topic })
    await until(() => reader.frames.flatMap(samplesOf).length >= 6, 10_000)
    await reader.send({ type: 'follow', topic, replay: 'last' })
    const head = await reader.next('snapshot', ({ more }) => more)
    expect(head.targets).toHaveLength(2)
    const { tally, cursor, complete_from } = await reader.next('snapshot', (frame) => !!frame.tally)
    expect(complete_from).toBe(cursor)
    expect(Math.min(...(tally?.sent ?? []))).toBeGreaterThanOrEqual(2)
    await reader.send({ type: 'replay', topic, n: [2, 77] })
    const { strips } = await reader.next('replay')
    expect(strips.map(({ n }) => n)).toEqual([2, 77])
    expect(strips[0]?.v.length).toBeGreaterThanOrEqual(tally?.sent[1] ?? 0)
    reader.close()
    await reader.closed
  })

  it('sends one frame for each flush, however many results it holds', async () => {
    const hosts = [...Array(50).keys()].map((i) => `127.0.7.${i + 1}`)
    const group = await makeGroup(admin, hosts)
    const reader = await openReader(transport, program.url, admin)
    await reader.send({ type: 'follow', topic: `group:${group.id}` })
    const events = () => reader.frames.filter((frame) => frame.type === 'event')
    await until(() => events().flatMap(samplesOf).length >= 150, 10_000)
    const cursors = events().flatMap((frame) => (samplesOf(frame).length > 0 ? [frame.cursor] : []))
    expect(new Set(cursors).size).toBe(cursors.length)
    reader.close()
    await reader.closed
  })

  it('answers a stranger to the group exactly as if it did not exist', async () => {
    const group = await makeGroup(admin, ['127.0.0.1'])
    const stranger = await makeColleague(program.url, admin)
    const reader = await openReader(transport, program.url, stranger)
    await reader.send({ type: 'follow', topic: `group:${group.id}` })
    await reader.send({ type: 'follow', topic: `group:${newId()}` })
    await reader.send({ type: 'follow', topic: 'nonsense' })
    await until(() => reader.frames.filter((frame) => frame.type === 'denied').length === 3)
    const codes = reader.frames.flatMap((frame) => (frame.type === 'denied' ? [frame.code] : []))
    expect(new Set(codes)).toEqual(new Set(['not_found']))
    expect(reader.frames.some((frame) => frame.type === 'snapshot')).toBe(false)
    reader.close()
    await reader.closed
  })

  it('ends when the session ends', async () => {
    const leaving = await makeColleague(program.url, admin)
    const reader = await openReader(transport, program.url, leaving)
    await reader.next('welcome')
    const { items } = await leaving.get<{ items: { id: string; current: boolean }[] }>(
      '/api/sessions',
    )
    await leaving.ask('DELETE', `/api/sessions/${items.find((one) => one.current)?.id}`)
    expect(await reader.next('bye')).toMatchObject({ code: CLOSE.sessionEnded })
    await reader.closed
  })

  it('beats every second while nothing else happens', async () => {
    const reader = await openReader(transport, program.url, admin)
    await reader.next('tick')
    reader.close()
    await reader.closed
  })
})

describe('polling', () => {
  it('gives the frames of a topic, and only those since a cursor', async () => {
    const group = await makeGroup(admin, ['127.0.0.1'])
    const poll = async (query: string) => {
      const headers = { cookie: admin.cookie, accept: 'application/json' }
      const answer = await fetch(`${program.url}/live?${query}`, { headers })
      return (await answer.json()) as { type: string; cursor: string }[]
    }
    const [snapshot] = await poll(`topic=group:${group.id}`)
    expect(snapshot).toMatchObject({ type: 'snapshot', group: { id: group.id } })
    const again = await poll(`topic=group:${group.id}&since=${snapshot?.cursor}`)
    expect(again[0]?.type).toBe('snapshot')
    expect(await poll(`topic=group:${newId()}`)).toMatchObject([{ type: 'denied' }])
  })
})

async function storedTimes(targetId: string): Promise<number[]> {
  const { sql, close } = openDatabase({ url: await program.databaseUrl(), name: 'test' })
  const rows = await sql<{ at: string }[]>`
    select s.at from samples s join target_runs r using (probe_id)
    where r.target_id = ${targetId} and s.at >= r.started_at order by s.at`
  await close()
  return rows.map((row) => new Date(row.at).getTime())
}
