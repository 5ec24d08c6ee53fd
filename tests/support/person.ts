// A person at the HTTP interface: signs in as a browser would and keeps the cookies.
import type { CreatedGroup } from '#lib/groups/contract.ts'
import { ADMIN } from './program.ts'

export type Credentials = { employee_no: string; password: string }

export type Person = {
  cookie: string
  /** A request with the person's cookies and the program's own Origin. */
  ask(method: string, path: string, body?: unknown): Promise<Response>
  /** The same, parsed; throws with the answer when it is not a success. */
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
}

/** Throws when the credentials are refused. */
export async function signIn(url: string, credentials: Credentials = ADMIN): Promise<Person> {
  const jar = new Map<string, string>()
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const csrf = keep(await fetch(`${url}/api/auth/csrf`))
  const { csrfToken } = (await csrf.json()) as { csrfToken: string }
  const form = new URLSearchParams({ ...credentials, csrfToken, json: 'true' })
  const headers = { cookie: cookie(), origin: url }
  const redirect = 'manual' as const
  const path = `${url}/api/auth/callback/credentials`
  keep(await fetch(path, { method: 'POST', headers, body: form, redirect }))
  if (![...jar.keys()].some((name) => name.includes('session-token'))) {
    throw new Error(`${credentials.employee_no} was not let in.`)
  }
  return personWith(url, cookie())
}

/** Somebody with these cookies; none for a stranger. */
export function personWith(url: string, cookie: string): Person {
  const ask = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        cookie,
        origin: url,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const parsed = async <T>(response: Response): Promise<T> => {
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }
  return {
    cookie,
    ask,
    get: async (path) => parsed(await ask('GET', path)),
    post: async (path, body) => parsed(await ask('POST', path, body)),
  }
}

let colleagues = 0

/** Somebody else, whose account `admin` makes; signed in. */
export async function makeColleague(url: string, admin: Person): Promise<Person> {
  colleagues += 1
  const credentials = { employee_no: `E${colleagues}`, password: 'another password' }
  await admin.post('/api/users', { ...credentials, name: 'A Colleague' })
  return await signIn(url, credentials)
}

/** A group of the person's with these hosts. */
export function makeGroup(person: Person, hosts: string[]): Promise<CreatedGroup> {
  return person.post<CreatedGroup>('/api/groups', { name: 'loopback', hosts })
}
