// Answers /api/auth: the paths of next-auth, with bounded bodies and problem documents.
import { z } from 'zod'
import { createAuthOptions } from '#lib/auth/options.ts'
import { AppError } from '#lib/errors.ts'
import { readJson, readText } from './body.ts'
import { askNextAuth, type NextAuthAnswer } from './next-auth.ts'
import { allowedOrigins } from './origin.ts'
import { invalidInput, problemHeaders, problemOf, toAppError } from './problem.ts'
import { answer, noSuchPath, type RouteHandler } from './route.ts'

// Of next-auth's actions those that are in use; its `_log` would let anybody write our log.
const ACTIONS: Record<string, string[]> = {
  GET: ['csrf', 'providers', 'session', 'signin', 'signout', 'error'],
  POST: ['signin', 'signout', 'callback'],
}

const Fields = z.record(
  z.string().max(100),
  z.union([z.string().max(4_096), z.boolean().transform(String)]),
)
type Fields = z.infer<typeof Fields>

/**
 * Next-auth's answer to a request below /api/auth. A failed sign-in sent with `json` answers as a
 * problem document (401, without a valid CSRF token 403) whose `url` is next-auth's; what could
 * not even be tried (429 with Retry-After, 503) does so for everybody but a browser's own form.
 */
export const answerAuth: RouteHandler = async (request, context) => {
  const path = z.array(z.string()).parse((await context.params).nextauth)
  if (!ACTIONS[request.method]?.includes(path[0] ?? '')) return noSuchPath(request, context)
  return answer(request, async (here) => {
    const fields = request.method === 'POST' ? await readFields(request) : {}
    const query = Object.fromEntries(new URL(request.url).searchParams)
    const origins = allowedOrigins(here.config.BASE_URL)
    let refusal: AppError | undefined
    const onRefusal = (error: unknown) => {
      refusal = toAppError(error)
      if (refusal.code === 'internal') here.log.error({ err: refusal.cause }, 'a sign-in failed')
      return refusal.code
    }
    const answered = await askNextAuth(
      {
        path,
        method: request.method,
        query: withTarget(query, request.headers, origins),
        fields: withTarget(fields, request.headers, origins),
        headers: request.headers,
      },
      createAuthOptions(here, { origins, onRefusal }),
    )
    return asResponse(answered, {
      isJson: fields.json === 'true',
      isPage: /\btext\/html\b/.test(request.headers.get('accept') ?? ''),
      refusal,
    })
  })
}

async function readFields(request: Request): Promise<Fields> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(
    request.headers.get('content-type') ?? '',
  )
  const sent = isForm
    ? Object.fromEntries(new URLSearchParams(await readText(request)))
    : await readJson(request)
  const parsed = Fields.safeParse(sent)
  if (!parsed.success) throw invalidInput(parsed.error)
  return parsed.data
}

// After signing in people return to where they came from: never to a foreign page, and never from
// localhost to 127.0.0.1, where their cookie does not count.
function withTarget(fields: Fields, headers: Headers, origins: string[]): Fields {
  const home = origins.find((origin) => origin === headers.get('origin')) ?? origins[0] ?? ''
  const wanted = fields.callbackUrl ?? ''
  const target = new URL(URL.canParse(wanted, home) ? wanted : '', home)
  return { ...fields, callbackUrl: origins.includes(target.origin) ? target.href : `${home}/` }
}

type Asked = { isJson: boolean; isPage: boolean; refusal: AppError | undefined }

function asResponse(answered: NextAuthAnswer, asked: Asked): Response {
  const { status, headers, url, body } = answered
  headers.set('cache-control', 'no-store')
  const failure = asked.refusal ?? failureOf(answered)
  // Whoever could not be signed out keeps the cookie, and may try again.
  if (asked.refusal) headers.delete('set-cookie')
  const isTold = asked.isJson || (asked.refusal && !asked.isPage) || url === undefined
  if (failure && isTold) {
    for (const [name, value] of Object.entries(problemHeaders(failure))) headers.set(name, value)
    const problem = { ...problemOf(failure), ...(url && { url }) }
    return new Response(JSON.stringify(problem), { status: failure.status, headers })
  }
  headers.delete('content-type')
  if (url === undefined) return Response.json(body ?? {}, { status, headers })
  if (asked.isJson) return Response.json({ url }, { status: 200, headers })
  headers.set('location', url)
  return new Response(null, { status: 302, headers })
}

function failureOf({ status, url }: NextAuthAnswer): AppError | undefined {
  const facts = url === undefined ? undefined : new URL(url, 'http://localhost').searchParams
  if (facts?.get('csrf') === 'true') {
    return new AppError(
      'forbidden',
      'Send the csrfToken that GET /api/auth/csrf gives, with its cookie.',
    )
  }
  if (facts?.get('error') === 'CredentialsSignin') {
    return new AppError('unauthenticated', 'The employee number or the password is wrong.')
  }
  if (status >= 500) return new AppError('unavailable', 'Signing in is not available just now.')
  if (status >= 400) return new AppError('invalid', 'There is no such way to sign in.', { status })
  return undefined
}
