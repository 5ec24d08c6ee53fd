// What `npm start` prints once everything is up: one block; and when that is.
import { setTimeout as pause } from 'node:timers/promises'
import { LaunchFault, systemCode } from './launch-fault.ts'

export type Facts = {
  wallUrl: string
  /** Undefined when there is an administrator. */
  setupUrl: string | undefined
  prober: string
  /** What to do to get the faster prober. */
  advice: string | undefined
  /** A folder, or the place of a database elsewhere. */
  data: string
}

/** Everything that the person at the terminal needs to know, and no more. */
export function announcement({ wallUrl, setupUrl, prober, advice, data }: Facts): string {
  const rows = [
    ['Wall', wallUrl],
    ...(setupUrl ? [['Set up', `${setupUrl}  (once: makes the administrator)`]] : []),
    ['Prober', prober],
    ...(advice ? [['', advice]] : []),
    ['Data', data],
    ['Stop', 'Ctrl-C'],
  ]
  const lines = rows.map(([name = '', value = '']) => `    ${name.padEnd(8)}${value}`)
  return ['', '  Echowall is running.', '', ...lines, ''].join('\n')
}

const READY_LIMIT_MS = 120_000

/**
 * Resolves with what `isReady` gives once that is something and `url` answers 200. Throws
 * `LaunchFault` with the last answer after two minutes.
 */
export async function waitUntilReady<T>(
  url: string,
  isReady: () => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  const end = performance.now() + READY_LIMIT_MS
  let answer = ''
  while (performance.now() < end) {
    answer = await ask(url)
    const ready = isReady()
    if (ready !== undefined && answer.startsWith('200')) return ready
    await pause(50, undefined, { signal })
  }
  throw new LaunchFault(
    `Echowall did not become ready; the log above should say why. Its last answer was: ${answer}`,
  )
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    return `${response.status} ${(await response.text()).slice(0, 500)}`
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return `none (${systemCode(cause) ?? String(error)})`
  }
}
