// A browser in small for route handlers: signs in and keeps its cookies.
import type { RouteHandler } from '#lib/http/route.ts'
import * as authRoute from '../../app/api/auth/[...nextauth]/route.ts'
import * as meRoute from '../../app/api/me/route.ts'
import type { TestUser } from './factories.ts'

export const BASE = 'http://127.0.0.1:3000'
export const PASSWORD = 'correct horse battery'
export const PROBLEM = 'application/problem+json'

export const typeOf = (response: Response) => response.headers.get('content-type')

type Sent = { form?: Record<string, string>; headers?: Record<string, string>; body?: string }

/** Signs in as `user` where asked to; `own` headers go with every request. */
export function makeBrowser(user: TestUser, own: Record<string, string> = {}) {
  const cookies = new Map<string, string>()
  const call = async (handler: RouteHandler, method: string, path: string, sent: Sent = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const isBodied = method !== 'GET'
    const request = new Request(`${BASE}${path}`, {
      method,
      headers: {
        ...own,
        ...(cookie && { cookie }),
        ...(sent.form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...sent.headers,
      },
      body: isBodied ? (sent.body ?? String(new URLSearchParams(sent.form))) : undefined,
    })
    const below = /^\/api\/auth\/([^?]*)/.exec(path)?.[1]
    const params = below === undefined ? {} : { nextauth: below.split('/') }
    const response = await handler(request, { params: Promise.resolve(params) })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) cookies.set(name, value)
      else cookies.delete(name)
    }
    return response
  }
  const get = (path: string) => call(authRoute.GET, 'GET', path)
  const post = (path: string, sent: Sent) => call(authRoute.POST, 'POST', path, sent)
  const csrf = async () => String((await (await get('/api/auth/csrf')).json()).csrfToken)
  return {
    cookies,
    call,
    get,
    post,
    me: () => call(meRoute.GET, 'GET', '/api/me'),
    signIn: async (password = PASSWORD, more: Record<string, string> = { json: 'true' }) =>
      post('/api/auth/callback/credentials', {
        form: { csrfToken: await csrf(), employee_no: user.employeeNo, password, ...more },
      }),
    signOut: async () =>
      post('/api/auth/signout', { form: { csrfToken: await csrf(), json: 'true' } }),
  }
}
