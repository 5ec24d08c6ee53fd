// Finds a message's handler in an explicit table by its type.
import { Counter } from 'prom-client'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import type { Handler } from './layer.ts'

const unknown = new Counter({
  name: 'echowall_channel_unknown_types_total',
  help: 'Messages of a type that their receiver does not know.',
  registers: [registry],
})

/** One handler for each `type`; it parses the fields of its own messages. */
export type HandlerTable = Readonly<Record<string, Handler>>

/** A type that is not in the table is logged and counted: a newer process may be talking. */
export function createDispatcher(options: { handlers: HandlerTable; log: Log }): Handler {
  const { handlers, log } = options
  return function dispatch(message) {
    // Own properties only: `constructor`, `__proto__` and `then` are no handlers.
    const handler = Object.hasOwn(handlers, message.type) ? handlers[message.type] : undefined
    if (handler) return handler(message)
    unknown.inc()
    log.warn({ type: message.type }, 'a message of an unknown type is ignored')
  }
}
