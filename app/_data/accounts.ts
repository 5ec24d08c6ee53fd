// Accounts in the browser: signing in and out, the first administrator, the list.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { type FirstAdministrator, type NewUser, User } from '#lib/accounts/contract.ts'
import { command, RequestError, request } from './request.ts'

const Users = z.object({ items: z.array(User), next_cursor: z.string().nullable() })

/** As many as one request may ask for, and as many requests as a list of people deserves. */
const PAGE = 500
const MOST_PAGES = 20

/** All accounts, for administrators. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => listUsers(signal),
})

async function listUsers(signal: AbortSignal): Promise<User[]> {
  const users: User[] = []
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor && { cursor }) })
    const answer: z.infer<typeof Users> = await request(`/api/users?${query}`, Users, { signal })
    users.push(...answer.items)
    cursor = answer.next_cursor
    if (cursor === null) break
  }
  return users
}

export function useCreateUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (user: NewUser) => request('/api/users', User, { method: 'POST', body: user }),
    onSuccess: () => client.invalidateQueries(usersQuery),
  })
}

export function createFirstAdministrator(person: FirstAdministrator): Promise<void> {
  return command('/api/setup', { method: 'POST', body: person })
}

export type Credentials = { employee_no: string; password: string }

/** Opens a session; throws `RequestError` (`unauthenticated`, `rate_limited`, …) where it fails. */
export async function signIn(credentials: Credentials): Promise<void> {
  await askNextAuth('/api/auth/callback/credentials', credentials)
}

export async function signOut(): Promise<void> {
  await askNextAuth('/api/auth/signout', {})
}

const Csrf = z.object({ csrfToken: z.string() })

// The form of next-auth's own pages: fields and its token, answered with JSON where it is asked for.
async function askNextAuth(path: string, fields: Record<string, string>): Promise<void> {
  const { csrfToken } = await request('/api/auth/csrf', Csrf)
  const body = new URLSearchParams({ ...fields, csrfToken, callbackUrl: '/', json: 'true' })
  let answer: Response
  try {
    answer = await fetch(path, { method: 'POST', body })
  } catch (cause) {
    throw new RequestError('unreachable', undefined, cause)
  }
  if (answer.ok && !(await namesError(answer))) return
  throw new RequestError(codeOf(answer.status))
}

async function namesError(answer: Response): Promise<boolean> {
  const { data } = z.object({ url: z.string() }).safeParse(await answer.json())
  return data !== undefined && new URL(data.url, location.href).searchParams.has('error')
}

function codeOf(status: number) {
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'unavailable' : 'unauthenticated'
}
