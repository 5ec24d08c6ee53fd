// One fault as a test: what breaks, what has to hold, and how long in each form.
import { inject, it } from 'vitest'

/** What the table says of one fault; travels from the test to whoever prints it. */
export type FaultReport = { fault: string; holds: string; measured: string[] }

declare module 'vitest' {
  interface ProvidedContext {
    /** Given by `npm run faults`; without it every fault runs in its short form. */
    faultForm?: 'full'
  }
  interface TaskMeta {
    faultReport?: FaultReport
  }
}

export type Fault<Sizes> = {
  fault: string
  /** What has to hold, as a sentence without its subject's name. */
  holds: string
  /** For `npm test`: seconds. */
  short: Sizes
  /** For `npm run faults`: as long as the fault deserves. */
  full: Sizes
  /** Why it cannot be tried on this machine, if so. */
  missing?: string | undefined
  /** Breaks something and expects; `measured` adds a figure to the table. */
  prove(sizes: Sizes, measured: (figure: string) => void): Promise<void>
}

const LIMIT_MS = { short: 120_000, full: 600_000 }

/** Declares the test; both forms run the same code. */
export function fault<Sizes>({ fault, holds, missing, prove, ...sizes }: Fault<Sizes>): void {
  const form = inject('faultForm') ?? 'short'
  it(`${fault}: ${holds}`, { timeout: LIMIT_MS[form] }, async ({ task, skip }) => {
    const report: FaultReport = { fault, holds, measured: [] }
    task.meta.faultReport = report
    if (missing !== undefined) {
      report.measured.push(missing)
      skip(missing)
    }
    await prove(sizes[form], (figure) => report.measured.push(figure))
  })
}
