// One table from transport and path to the consumer that holds the conversation.
import type { ConsumerFactory } from './consumers/consumer.ts'
import { createWallConsumer } from './consumers/wall.ts'
import type { Scope } from './scope.ts'

type Params = Scope['params']
type Route = { transports: Scope['transport'][]; path: string; consumer: ConsumerFactory }

/** In a path `:name` stands for one part, which the consumer finds in its scope by that name. */
const ROUTES: Route[] = [
  { transports: ['websocket', 'sse', 'polling'], path: '/live', consumer: createWallConsumer },
]
/** Where a reader without a WebSocket posts its frames. */
const POSTED = '/live/:connection'

export type Found = { consumer: ConsumerFactory; params: Params }

/** The consumer for a transport and a path; undefined where nobody listens. */
export function findConsumer(transport: Scope['transport'], path: string): Found | undefined {
  for (const { transports, path: pattern, consumer } of ROUTES) {
    const params = transports.includes(transport) ? matchPath(pattern, path) : undefined
    if (params) return { consumer, params }
  }
  return undefined
}

/** The connection's name in `POST /live/<connection>`, or undefined for another path. */
export function connectionOfPath(path: string): string | undefined {
  return matchPath(POSTED, path)?.connection
}

/** The named parts of a path that fits the pattern, decoded; undefined for any other. */
export function matchPath(pattern: string, path: string): Params | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return undefined
  const params: Params = {}
  for (const [i, part] of wanted.entries()) {
    const text = decode(given[i] ?? '')
    if (!part.startsWith(':')) {
      if (part !== given[i]) return undefined
    } else if (text) params[part.slice(1)] = text
    else return undefined
  }
  return params
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
