// One table from protocol and path to the consumer that holds the conversation.
import type { ConsumerFactory } from './consumers/consumer.ts'
import { createWallConsumer } from './consumers/wall.ts'

type Route = { path: string; consumer: ConsumerFactory }

const ROUTES: Route[] = [{ path: '/live', consumer: createWallConsumer }]

/** The consumer for a path, whatever the transport; undefined where nobody listens. */
export function findConsumer(path: string): ConsumerFactory | undefined {
  return ROUTES.find((route) => route.path === path)?.consumer
}

/** The connection's name in `POST /live/<connection>`, or undefined for another path. */
export function connectionOfPath(path: string): string | undefined {
  if (!path.startsWith('/live/')) return undefined
  try {
    return decodeURIComponent(path.slice('/live/'.length))
  } catch {
    return undefined
  }
}
