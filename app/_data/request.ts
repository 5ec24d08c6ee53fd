// The browser's one way to ask the server: fetch, parse, turn problems into errors.
import { type ZodType, z } from 'zod'
import { ERROR_CODES, type ErrorCode } from '#lib/errors.ts'

// The content security policy forbids eval; without this zod would try it and be reported.
z.config({ jitless: true })

const TIMEOUT_MS = 20_000

const Problem = z.object({
  type: z.string(),
  detail: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
  skipped: z.array(z.object({ input: z.string(), reason: z.string() })).default([]),
})
type Problem = z.infer<typeof Problem>

export type RequestCode = ErrorCode | 'unreachable'

/** What the server refused, or `unreachable` where it did not answer. `message` is for people. */
export class RequestError extends Error {
  readonly code: RequestCode
  readonly problem: Problem | undefined

  constructor(code: RequestCode, problem?: Problem, cause?: unknown) {
    super(problem?.detail ?? code, { cause })
    this.name = 'RequestError'
    this.code = code
    this.problem = problem
  }
}

export type RequestOptions = { method?: string; body?: unknown; signal?: AbortSignal }

/** The answer of `path`, parsed by `schema`; throws `RequestError`. */
export async function request<Answer>(
  path: string,
  schema: ZodType<Answer>,
  options: RequestOptions = {},
): Promise<Answer> {
  const answer = await ask(path, options)
  const parsed = schema.safeParse(await readJson(answer))
  if (!parsed.success) throw new RequestError('internal', undefined, parsed.error)
  return parsed.data
}

/** A command whose answer is only that it was done; throws `RequestError`. */
export async function command(path: string, options: RequestOptions): Promise<void> {
  const answer = await ask(path, options)
  await answer.body?.cancel()
}

async function ask(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', body, signal } = options
  let answer: Response
  try {
    answer = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body !== undefined && JSON_TYPE) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]),
    })
  } catch (cause) {
    throw new RequestError('unreachable', undefined, cause)
  }
  if (!answer.ok) throw await refusalOf(answer)
  return answer
}

const JSON_TYPE = { 'content-type': 'application/json' }

async function refusalOf(answer: Response): Promise<RequestError> {
  const problem = Problem.safeParse(await readJson(answer)).data
  const named = problem?.type.split(':').at(-1)
  const code = CODES.find((known) => known === named) ?? codeOfStatus(answer.status)
  return new RequestError(code, problem)
}

const CODES = Object.keys(ERROR_CODES).filter(isErrorCode)

function isErrorCode(name: string): name is ErrorCode {
  return Object.hasOwn(ERROR_CODES, name)
}

function codeOfStatus(status: number): RequestCode {
  return CODES.find((code) => ERROR_CODES[code].status === status) ?? 'unavailable'
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json()
  } catch {
    // A proxy's error page, for one: without a problem document the status has to do.
    return undefined
  }
}

/** The fields the server refused, and why; empty for any other error. */
export function faultsOf(error: unknown): Record<string, string> {
  const issues = error instanceof RequestError ? (error.problem?.issues ?? []) : []
  return Object.fromEntries(issues.map(({ path, message }) => [path, message]))
}
