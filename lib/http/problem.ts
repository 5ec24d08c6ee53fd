// Errors as problem documents (RFC 9457): the one place that turns an error into an answer.
import { ZodError } from 'zod'
import { isDatabaseAway } from '#lib/db/client.ts'
import { AppError, ERROR_CODES, type ErrorCode, type Issue } from '#lib/errors.ts'

const PROBLEM_TYPE = 'application/problem+json'

export type Problem = {
  type: `urn:echowall:problem:${ErrorCode}`
  title: string
  status: number
  detail: string
  issues?: Issue[]
  [member: string]: unknown
}

/** Whatever was thrown as an `AppError`; an unknown error becomes `internal` and keeps its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof ZodError) return invalidInput(error)
  if (isDatabaseAway(error)) {
    return new AppError('unavailable', 'The database cannot be reached just now. Try again.', {
      cause: error,
      retryAfterSeconds: 2,
    })
  }
  return new AppError('internal', 'Something failed on our side. It has been written down.', {
    cause: error,
  })
}

/** The problem document of an error; the request's id stands only in the header `x-request-id`. */
export function problemOf(error: AppError): Problem {
  return {
    type: `urn:echowall:problem:${error.code}`,
    title: ERROR_CODES[error.code].title,
    status: error.status,
    detail: error.message,
    ...(error.issues && { issues: error.issues }),
    ...error.facts,
  }
}

/** Headers of the answer besides the content type. */
export function problemHeaders(error: AppError): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': PROBLEM_TYPE,
    'cache-control': 'no-store',
  }
  if (error.retryAfterSeconds !== undefined) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds))
  }
  if (error.allow !== undefined) headers.allow = error.allow
  return headers
}

/** Thrown for a method that the path does not have; the answer names those it has. */
export function wrongMethod(allow: string): AppError {
  return new AppError('invalid', `This path answers ${allow}.`, { status: 405, allow })
}

/** What zod found, as one `invalid` error that names every field. */
export function invalidInput(error: ZodError): AppError {
  const issues = error.issues.slice(0, 100).map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }))
  const [first] = issues
  const where = first?.path ? `${first.path}: ` : ''
  return new AppError('invalid', `${where}${first?.message ?? 'The input is not valid.'}`, {
    issues,
  })
}
