// Who is calling, from where, asking for what: made before any consumer sees the connection.
import type { IncomingMessage } from 'node:http'
import type { Actor } from '#lib/auth/context.ts'
import { findActor, findActorOfSession } from '#lib/auth/session.ts'
import { AppError } from '#lib/errors.ts'
import type { House } from '#lib/http/house.ts'

export type Scope = {
  transport: 'websocket' | 'sse' | 'polling' | 'post'
  path: string
  /** Parts of the path that the route names. */
  params: Record<string, string>
  query: URLSearchParams
  origin: string | undefined
  address: string
  actor: Actor
  /** Asks again who is calling; `nobody` once the session has ended. */
  identify(): Promise<Actor>
}

/** The scope of a request; without a valid session its actor is `nobody`. */
export async function readScope(
  here: House,
  request: IncomingMessage,
  transport: Scope['transport'],
  params: Scope['params'],
): Promise<Scope> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const actor = await findActor(here, request.headers.cookie)
  return {
    transport,
    path: pathname,
    params,
    query: new URLSearchParams(search),
    origin: request.headers.origin,
    address: request.socket.remoteAddress ?? '',
    actor: actor ?? NOBODY,
    async identify() {
      return (actor && (await findActorOfSession(here, actor.sessionId))) ?? NOBODY
    },
  }
}

const NOBODY: Actor = { kind: 'nobody' }

/** The scope of somebody who is signed in; throws `unauthenticated` for anybody else. */
export async function requireScope(...request: Parameters<typeof readScope>): Promise<Scope> {
  const scope = await readScope(...request)
  if (scope.actor.kind === 'nobody') {
    throw new AppError('unauthenticated', 'Sign in, then connect again.')
  }
  return scope
}
