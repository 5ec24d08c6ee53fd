// Why the launcher cannot go on: one plain sentence that says what to do.

/** Its message is for the person at the terminal; the launcher prints it and exits with 1. */
export class LaunchFault extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'LaunchFault'
  }
}

/** The code of a system error such as `EACCES`; undefined for any other. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
