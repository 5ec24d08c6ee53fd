// The log: one line, one event, JSON; every part speaks with a scope of its own.
import pino from 'pino'

export type Log = pino.Logger
export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent'

/** A logger that writes one JSON line per event to standard output; `log.child({ scope })` per part. */
export function createLog(level: LogLevel): Log {
  return pino({
    level,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['token', 'password', 'ticket', 'cookie', '*.token', '*.password'] },
  })
}
