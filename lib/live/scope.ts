// Who is calling, from where, asking for what: made before any consumer sees the connection.
import type { IncomingMessage } from 'node:http'
import type { Actor } from '#lib/auth/context.ts'
import { findCookieSession, type LivingSession } from '#lib/auth/session.ts'
import { AppError } from '#lib/errors.ts'
import type { House } from '#lib/http/house.ts'

/** Who is calling, and until when (ms of the database's time) unless something renews it. */
export type Caller = { actor: Actor; endsAtMs: number }

export type Scope = Caller & {
  transport: 'websocket' | 'sse' | 'polling' | 'post'
  path: string
  /** Parts of the path that the route names. */
  params: Record<string, string>
  query: URLSearchParams
  origin: string | undefined
  address: string
}

/** The scope of a request; without a valid session its actor is `nobody`. */
export async function readScope(
  here: House,
  request: IncomingMessage,
  transport: Scope['transport'],
  params: Scope['params'],
): Promise<Scope> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const session = await findCookieSession(here, request.headers.cookie)
  return {
    transport,
    path: pathname,
    params,
    query: new URLSearchParams(search),
    origin: request.headers.origin,
    address: request.socket.remoteAddress ?? '',
    ...callerOf(session),
  }
}

/** `nobody` without a session; whatever else comes to end by itself, such as a link, says so here. */
export function callerOf(session: LivingSession | undefined): Caller {
  if (!session) return { actor: { kind: 'nobody' }, endsAtMs: Number.POSITIVE_INFINITY }
  return { actor: session.actor, endsAtMs: session.expiresAt.getTime() }
}

/** The scope of somebody who is signed in; throws `unauthenticated` for anybody else. */
export async function requireScope(...request: Parameters<typeof readScope>): Promise<Scope> {
  const scope = await readScope(...request)
  if (scope.actor.kind === 'nobody') {
    throw new AppError('unauthenticated', 'Sign in, then connect again.')
  }
  return scope
}
