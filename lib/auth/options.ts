// How next-auth signs people in: number and password, a token that names a session.
import { eq } from 'drizzle-orm'
import type { AuthOptions, User } from 'next-auth'
import { z } from 'zod'
import { inTransaction } from '#lib/db/client.ts'
import { sessions } from '#lib/db/schema.ts'
import type { ErrorCode } from '#lib/errors.ts'
import type { Ctx } from './context.ts'
import { isLivingSession } from './session.ts'
import { endSessions } from './session-life.ts'
import { signIn } from './sign-in.ts'

type Here = Omit<Ctx, 'actor'>

export type AuthSettings = {
  /** Where a sign-in may lead to. */
  origins: string[]
  /** Told why something could not be tried: too many failures, or a fault of ours; names its code. */
  onRefusal: (error: unknown) => ErrorCode
}

// Browsers keep no cookie longer (RFC 6265bis, section 5.5). The session's row, prolonged by use,
// decides how long a sign-in lasts; the cookie only has to outlive it.
const COOKIE_SECONDS = 400 * 24 * 3600
const SIGN_IN_PAGE = '/sign-in'
const SessionToken = z.looseObject({ sid: z.uuid(), sub: z.uuid() })

/** The options of next-auth for one request. */
export function createAuthOptions(here: Here, settings: AuthSettings): AuthOptions {
  const { config, log } = here
  return {
    secret: config.AUTH_SECRET,
    useSecureCookies: config.BASE_URL.startsWith('https:'),
    session: { strategy: 'jwt', maxAge: COOKIE_SECONDS },
    jwt: { maxAge: COOKIE_SECONDS },
    pages: { signIn: SIGN_IN_PAGE, signOut: SIGN_IN_PAGE, error: SIGN_IN_PAGE },
    providers: [
      {
        id: 'credentials',
        type: 'credentials',
        name: 'Employee number and password',
        credentials: { employee_no: {}, password: {} },
        authorize: (sent, { headers }) => authorize(here, settings, sent, headers),
      },
    ],
    callbacks: {
      redirect: ({ url, baseUrl }) => safeTarget(url, baseUrl, settings.origins),
      async jwt({ token, user }) {
        if (user) return { sub: user.id, name: user.name, sid: sessionIdOf(user) }
        // What is thrown here clears the cookie, which a database away for a minute must not do.
        const isLiving = await isLivingSession(here.db, token.sid).catch((error) => {
          settings.onRefusal(error)
          return true
        })
        if (!isLiving) throw new Error('The session has ended.')
        return token
      },
    },
    events: {
      async signOut({ token }) {
        await endOwnSession(here, token).catch(settings.onRefusal)
      },
    },
    logger: {
      error: (code, metadata) => log.warn({ code, err: metadata }, 'next-auth reports an error'),
      warn: (code) => log.warn({ code }, 'next-auth warns'),
      debug: () => {},
    },
  }
}

async function authorize(
  here: Here,
  { onRefusal }: AuthSettings,
  sent: unknown,
  headers: Record<string, unknown> | undefined,
): Promise<User | null> {
  try {
    const signedIn = await signIn(here, sent, {
      address: String(headers?.['x-echowall-client'] ?? ''),
      userAgent: String(headers?.['user-agent'] ?? ''),
    })
    if (!signedIn) return null
    const user = { id: signedIn.userId, name: signedIn.name, sid: signedIn.sessionId }
    return user
  } catch (error) {
    // Next-auth puts this message into a URL, so it is a code and nothing else.
    throw new Error(onRefusal(error))
  }
}

function sessionIdOf(user: object): string | undefined {
  return 'sid' in user && typeof user.sid === 'string' ? user.sid : undefined
}

async function endOwnSession(here: Here, token: unknown): Promise<void> {
  const { data } = SessionToken.safeParse(token)
  if (!data) return
  await inTransaction(here, async ({ tx, channels }) => {
    const actor = { kind: 'user', userId: data.sub }
    await endSessions({ tx, channels, actor }, eq(sessions.id, data.sid))
  })
}

function safeTarget(url: string, baseUrl: string, origins: string[]): string {
  if (url.startsWith('/')) return `${baseUrl}${url}`
  return URL.canParse(url) && origins.includes(new URL(url).origin) ? url : baseUrl
}
