// A log that keeps its lines, for tests of what is told to operators.
import pino from 'pino'
import type { Log } from '#lib/log.ts'

export type LogLine = { level: number; msg: string; [fact: string]: unknown }

export const WARN = pino.levels.values.warn
export const ERROR = pino.levels.values.error

export function createRecordedLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = []
  return { log: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }), lines }
}
