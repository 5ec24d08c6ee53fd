import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeColleague, makeGroup, type Person, personWith, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'

type Problem = {
  type: string
  title: string
  status: number
  detail: string
}

let program: Program
let person: Person
beforeAll(async () => {
  program = await startProgram()
  person = await signIn(program.url)
})
afterAll(() => program?.stop())

async function problemOf(response: Response, status: number): Promise<Problem> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem = (await response.json()) as Problem
  expect(problem).toMatchObject({ status, type: expect.stringContaining('urn:echowall:problem:') })
  expect(problem.detail).not.toBe('')
  return problem
}

const send = (body: string, path = '/api/groups', headers: Record<string, string> = {}) =>
  fetch(`${program.url}${path}`, {
    method: 'POST',
    headers: {
      cookie: person.cookie,
      origin: program.url,
      'content-type': 'application/json',
      ...headers,
    },
    body,
  })

const countGroups = async () => (await person.get<{ items: unknown[] }>('/api/groups')).items.length

describe('bad input', () => {
  it('of broken JSON, wrong kind or too many bytes is refused and nothing is made', async () => {
    const before = await countGroups()
    await problemOf(await send('{"name":'), 400)
    await problemOf(await send('[]'), 400)
    await problemOf(await send('"text"'), 400)
    await problemOf(await send('name=x', '/api/groups', { 'content-type': 'text/plain' }), 415)
    await problemOf(await send(JSON.stringify({ name: 'x'.repeat(10 * 1024 * 1024) })), 413)
    expect(await countGroups()).toBe(before)
  })

  it('tells of each address why it was skipped, and adds the good ones', async () => {
    const group = await makeGroup(person, ['127.0.0.1'])
    const answer = await person.ask('POST', `/api/groups/${group.id}/targets`, {
      hosts:
        '999.1.1.1\n127.0.0.2\n10.0.0.0/8\n224.0.0.1\n255.255.255.255\nff02::1\n127.0.0.1\n0.0.0.0',
    })
    expect(answer.status).toBe(201)
    const { added, skipped } = (await answer.json()) as {
      added: { host: string }[]
      skipped: { input: string; reason: string }[]
    }
    expect(added.map(({ host }) => host)).toEqual(['127.0.0.2'])
    expect(skipped.map(({ input }) => input).sort()).toEqual([
      '0.0.0.0',
      '10.0.0.0/8',
      '127.0.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '999.1.1.1',
      'ff02::1',
    ])
    expect(skipped.every(({ reason }) => reason.length > 0)).toBe(true)
  })

  it('refuses 100,000 addresses at once and adds none of them', async () => {
    const group = await makeGroup(person, ['127.0.0.1'])
    const path = `/api/groups/${group.id}/targets`
    const hosts = [...Array(100_000).keys()].map(
      (i) => `127.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
    )
    const text = JSON.stringify({ hosts: hosts.join('\n') })
    expect([400, 413]).toContain((await send(text, path)).status)
    await problemOf(await person.ask('POST', path, { hosts: '127.0.0.0/15' }), 400)
    const { items } = await person.get<{ items: unknown[] }>(path)
    expect(items).toHaveLength(1)
  })

  it('of malformed ids and paths is told from what is missing', async () => {
    await problemOf(await person.ask('GET', '/api/groups/not-a-uuid'), 400)
    await problemOf(await person.ask('GET', `/api/groups/${newId()}`), 404)
    await problemOf(await person.ask('GET', '/api/groups/%E0%A4%A'), 400)
    await problemOf(await person.ask('GET', '/api/there/is/no/such/path'), 404)
    await problemOf(await person.ask('PUT', '/api/groups', {}), 405)
  })

  it("answers somebody else's ids exactly as ids that never were", async () => {
    const other = await makeColleague(program.url, person)
    const group = await makeGroup(person, ['127.0.0.1'])
    const target = group.added[0]?.id ?? ''
    for (const [method, path, body] of [
      ['GET', (id: string) => `/api/groups/${id}`, undefined],
      ['GET', (id: string) => `/api/groups/${id}/success-rate`, undefined],
      ['GET', (id: string) => `/api/groups/${id}/success-rate.csv`, undefined],
      ['GET', (id: string) => `/api/groups/${id}/matrix`, undefined],
      ['GET', (id: string) => `/api/groups/${id}/targets/${target}/samples`, undefined],
      ['GET', (id: string) => `/api/groups/${id}/targets/${target}/samples.csv`, undefined],
      ['PATCH', (id: string) => `/api/groups/${id}`, { name: 'mine' }],
      ['DELETE', (id: string) => `/api/groups/${id}`, undefined],
      ['POST', (id: string) => `/api/groups/${id}/targets`, { hosts: '127.0.0.1' }],
      ['POST', (id: string) => `/api/groups/${id}/stop`, undefined],
      ['DELETE', (id: string) => `/api/groups/${id}/targets/${target}`, undefined],
    ] as const) {
      const [hidden, missing] = await Promise.all([
        other.ask(method, path(group.id), body),
        other.ask(method, path(newId()), body),
      ])
      expect([hidden.status, await hidden.text()]).toEqual([missing.status, await missing.text()])
      expect(hidden.status).toBe(404)
    }
    const again = { id: group.id, name: 'taken' }
    await problemOf(await other.ask('POST', '/api/groups', again), 409)
  })

  it('from another origin or without a session changes nothing', async () => {
    const before = await countGroups()
    const foreign = await send('{"name":"a"}', '/api/groups', { origin: 'http://evil.example' })
    await problemOf(foreign, 403)
    await problemOf(
      await personWith(program.url, '').ask('POST', '/api/groups', { name: 'a' }),
      401,
    )
    await problemOf(await personWith(program.url, '').ask('GET', '/api/no/such/path'), 401)
    expect(await countGroups()).toBe(before)
  })
})

describe('every page', () => {
  it('carries a strict policy with a fresh nonce, and cookies no script can read', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => fetch(`${program.url}/sign-in`)))
    const policies = [first, second].map(
      (page) => page?.headers.get('content-security-policy') ?? '',
    )
    const nonces = policies.map(
      (policy) => /script-src 'nonce-([^']+)' 'strict-dynamic'/.exec(policy)?.[1],
    )
    expect(nonces[0]).toBeTruthy()
    expect(nonces[0]).not.toBe(nonces[1])
    expect(policies[0]).not.toMatch(/script-src[^;]*unsafe/)
    const html = (await first?.text()) ?? ''
    const scripts = html.match(/<script\b[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter((script) => !script.includes(`nonce="${nonces[0]}"`))).toEqual([])
    const csrf = await fetch(`${program.url}/api/auth/csrf`)
    for (const cookie of csrf.headers.getSetCookie()) {
      expect(cookie).toMatch(/HttpOnly/i)
      expect(cookie).toMatch(/SameSite=Lax/i)
    }
  })
})
