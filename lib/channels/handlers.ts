// Finds a message's handler in an explicit table by its type.
import { Counter } from 'prom-client'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import type { Handler } from './layer.ts'
import type { Message } from './message.ts'

const unknown = new Counter({
  name: 'echowall_channel_unknown_types_total',
  help: 'Messages of a type that their receiver does not know.',
  registers: [registry],
})

/** One handler for each `type` of a union of messages. */
export type HandlerTable<M extends Message> = {
  [T in M['type']]: (message: Extract<M, { type: T }>) => void | Promise<void>
}

export type DispatcherOptions<M extends Message> = { handlers: HandlerTable<M>; log: Log }

/** A type that is not in the table is logged and counted: a newer process may be talking. */
export function createDispatcher<M extends Message>(options: DispatcherOptions<M>): Handler {
  const { handlers, log } = options
  return function dispatch(message) {
    const handler = findHandler(handlers, message.type)
    if (handler) return handler(message)
    unknown.inc()
    log.warn({ type: message.type }, 'a message of an unknown type is ignored')
  }
}

// Own properties only: `constructor`, `__proto__` and `then` are no handlers. The cast holds because
// the handler's parameter is the member of the union whose `type` is the key it was found by.
function findHandler(table: object, type: string): Handler | undefined {
  if (!Object.hasOwn(table, type)) return undefined
  return (table as Record<string, Handler>)[type]
}
