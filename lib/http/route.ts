// Wraps a verb as a route handler: who asks, what they sent, the answer or the problem.
import type { ZodType } from 'zod'
import type { Ctx } from '#lib/auth/context.ts'
import { findActor } from '#lib/auth/session.ts'
import { AppError } from '#lib/errors.ts'
import { readJson } from './body.ts'
import { createDownloads, type Streamed } from './downloads.ts'
import { type House, house } from './house.ts'
import { invalidInput, problemHeaders, problemOf, toAppError, wrongMethod } from './problem.ts'

type Params = { params: Promise<Record<string, string | string[] | undefined>> }
export type RouteHandler = (request: Request, context: Params) => Promise<Response>

export type RouteOptions<Output> = {
  /** 200 unless given; a function sees what the verb returned. 204 sends no body. */
  status?: number | ((output: Output) => number)
  /** What of the output is sent; all of it unless given. */
  body?: (output: Output) => unknown
  /** Sends what this makes of the output, piece by piece, instead of one JSON document. */
  stream?: (output: Output) => Streamed
  /** Also for those who have not signed in; the actor is then `nobody`. */
  isOpen?: boolean
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
type Method = (typeof METHODS)[number]

const downloads = createDownloads({ most: 20, idleMs: 60_000, shortLength: 1 << 20 })

/**
 * A route handler for `verb`. Its input is one object: the path's parameters, and the query of a
 * GET or the JSON body of anything else, parsed by `schema` (400 `invalid` with issues).
 * Without a session: 401. Every failure answers as problem+json.
 */
export function route<Input, Output>(
  schema: ZodType<Input>,
  verb: (ctx: Ctx, input: Input) => Promise<Output>,
  { status = 200, body = (output) => output, stream, isOpen = false }: RouteOptions<Output> = {},
): RouteHandler {
  return (request, { params }) =>
    answer(request, async (here) => {
      const ctx = await contextOf(here, request.headers)
      if (!isOpen) requireSomebody(ctx)
      const output = await verb(ctx, parse(schema, await inputOf(request, await params)))
      if (stream) return await downloads.send(stream(output), here.log)
      const code = typeof status === 'function' ? status(output) : status
      if (code === 204) return new Response(null, { status: code })
      return Response.json(body(output), { status: code, headers: { 'cache-control': 'no-store' } })
    })
}

/** All methods of one path; those not given answer 405 (401 without a session). */
export function methods(
  given: Partial<Record<Method, RouteHandler>>,
): Record<Method, RouteHandler> {
  const allow = METHODS.filter((method) => given[method]).join(', ')
  const refuse: RouteHandler = (request) =>
    answer(request, async (here) => {
      requireSomebody(await contextOf(here, request.headers))
      throw wrongMethod(allow)
    })
  const entries = METHODS.map((method) => [method, given[method] ?? refuse] as const)
  return Object.fromEntries(entries) as Record<Method, RouteHandler>
}

/** The answer of every path under /api that does not exist: 404, or 401 without a session. */
export const noSuchPath: RouteHandler = (request) =>
  answer(request, async (here) => {
    requireSomebody(await contextOf(here, request.headers))
    throw new AppError('not_found', 'There is no such path.')
  })

/** The context of whoever sent these headers; without a session the actor is `nobody`. */
export async function contextOf(here: House, headers: Headers): Promise<Ctx> {
  const actor = await findActor(here, headers.get('cookie') ?? undefined)
  return { ...here, actor: actor ?? { kind: 'nobody' } }
}

function requireSomebody({ actor }: Ctx): void {
  if (actor.kind === 'nobody') throw new AppError('unauthenticated', 'Sign in, then try again.')
}

/** What `work` answers, or the problem document of what it throws. */
export async function answer(
  request: Request,
  work: (here: House) => Promise<Response>,
): Promise<Response> {
  try {
    return await work(house())
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.code === 'internal') {
      const requestId = request.headers.get('x-request-id')
      house().log.error({ err: error.cause, requestId }, 'a request failed')
    }
    return new Response(JSON.stringify(problemOf(error)), {
      status: error.status,
      headers: problemHeaders(error),
    })
  }
}

async function inputOf(
  request: Request,
  params: Record<string, string | string[] | undefined>,
): Promise<unknown> {
  const sent =
    request.method === 'GET' ? queryOf(new URL(request.url).searchParams) : await readJson(request)
  // A body that is no object is the schema's to refuse; the path's parameters win over the body's.
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return sent
  return { ...sent, ...params }
}

// A parameter that stands there twice is a list, which schemas of single values refuse.
function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(parameters.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const [first = '', ...others] = parameters.getAll(name)
      return [name, others.length > 0 ? [first, ...others] : first]
    }),
  )
}

function parse<Input>(schema: ZodType<Input>, input: unknown): Input {
  const parsed = schema.safeParse(input)
  if (!parsed.success) throw invalidInput(parsed.error)
  return parsed.data
}
