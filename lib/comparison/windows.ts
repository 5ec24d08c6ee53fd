// Which two windows are compared: around a moment, or as they were asked for.
import { AppError } from '#lib/errors.ts'
import type { Period } from '#lib/samples/spans.ts'
import type { ComparisonWindow } from './contract.ts'

const MOST_SECONDS = 31 * 86_400

export type Windows = { at: Date | null; before: Period; after: Period }

const EDGES = ['before_from', 'before_to', 'after_from', 'after_to'] as const

/** Cut at now. Throws `invalid` where edges are missing, out of order, or too far apart. */
export function windowsOf(asked: ComparisonWindow, now: Date): Windows {
  const given = EDGES.filter((edge) => asked[edge] !== undefined)
  if (given.length > 0) return { at: null, ...freeWindows(asked, now) }
  if (asked.seconds > MOST_SECONDS) throw tooLong('seconds')
  const ms = asked.seconds * 1000
  const at = asked.at ?? new Date(now.getTime() - ms)
  const [from, to] = [new Date(at.getTime() - ms), new Date(at.getTime() + ms)]
  return { at, before: cut(from, at, now), after: cut(at, to, now) }
}

function freeWindows(asked: ComparisonWindow, now: Date): Omit<Windows, 'at'> {
  const { at, before_from, before_to, after_from, after_to } = asked
  const missing = EDGES.find((edge) => asked[edge] === undefined)
  if (!before_from || !before_to || !after_from || !after_to) {
    throw refusal(missing ?? 'at', 'all four edges of the two windows, or `at` and `seconds`')
  }
  if (at) throw refusal('at', 'no moment beside the four edges of two windows')
  for (const [name, from, to] of [
    ['before_to', before_from, before_to],
    ['after_to', after_from, after_to],
  ] as const) {
    if (from >= to) throw refusal(name, 'a time after the beginning of its window')
    if (to.getTime() - from.getTime() > MOST_SECONDS * 1000) throw tooLong(name)
  }
  return { before: cut(before_from, before_to, now), after: cut(after_from, after_to, now) }
}

// What is still to come is an empty window at its beginning.
function cut(from: Date, to: Date, now: Date): Period {
  return {
    from,
    to: new Date(Math.max(from.getTime(), Math.min(to.getTime(), now.getTime()))),
    now,
  }
}

function tooLong(path: string): AppError {
  return refusal(path, `a window of at most ${MOST_SECONDS} s (31 days)`)
}

function refusal(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })
}
