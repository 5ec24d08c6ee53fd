// What can go wrong: one error class, eight codes, chosen by what the caller should do next.

export type ErrorCode = keyof typeof ERROR_CODES

export const ERROR_CODES = {
  invalid: { status: 400, title: 'The request is not valid.' },
  unauthenticated: { status: 401, title: 'Sign in first.' },
  forbidden: { status: 403, title: 'You may see this, but not do that.' },
  not_found: { status: 404, title: 'There is nothing here, or nothing that you may see.' },
  conflict: { status: 409, title: 'This contradicts what is already there.' },
  rate_limited: { status: 429, title: 'Too many requests; wait a little.' },
  unavailable: { status: 503, title: 'Not available just now; try again.' },
  internal: { status: 500, title: 'Something failed on our side.' },
} as const

/** Where an input is wrong: `path` in dotted form (`hosts.3`), empty for the whole body. */
export type Issue = { path: string; message: string }

export type ErrorFacts = {
  cause?: unknown
  issues?: Issue[]
  retryAfterSeconds?: number
  status?: number
  /** With status 405: the methods the path has (RFC 9110 section 15.5.6). */
  allow?: string
  /** Further members of the problem document, such as `skipped`. */
  facts?: Record<string, unknown>
}

/** The one error that verbs throw. `detail` is public; `cause` goes to the log only. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly issues: Issue[] | undefined
  readonly retryAfterSeconds: number | undefined
  /** Overrides the code's status where HTTP has a narrower one (413, 415, 405, 426). */
  readonly status: number
  readonly allow: string | undefined
  readonly facts: Record<string, unknown> | undefined

  constructor(code: ErrorCode, detail: string, facts: ErrorFacts = {}) {
    super(detail, { cause: facts.cause })
    this.name = 'AppError'
    this.code = code
    this.issues = facts.issues
    this.retryAfterSeconds = facts.retryAfterSeconds
    this.status = facts.status ?? ERROR_CODES[code].status
    this.allow = facts.allow
    this.facts = facts.facts
  }
}

/** What only an operator can mend, before the process can begin: its message is a sentence for them. */
export class SetUpFault extends Error {}
