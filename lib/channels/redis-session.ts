// One life of the Redis connection: it publishes, listens, watches itself, ends once.
import { createClient } from 'redis'
import type { Session } from './road.ts'
import { withinMs } from './within.ts'

const CONNECT_LIMIT_MS = 3_000
const SET_UP_LIMIT_MS = 5_000
const CHECK_PERIOD_MS = 10_000
const CHECK_LIMIT_MS = 2_000

export type RedisSessionOptions = {
  url: string
  /** What to subscribe to before the session is handed out. */
  names: string[]
  onMessage: (payload: string) => void
}

export type RedisSession = Session & {
  /** Resolves once Redis has taken the message; messages leave in the order of the calls. */
  publish(name: string, payload: string): Promise<void>
}

/** Rejects with a plain sentence when Redis cannot be reached or used within 5 s. */
export async function openRedisSession(options: RedisSessionOptions): Promise<RedisSession> {
  const { url, names, onMessage } = options
  const listened = new Map<string, Promise<void>>()
  let isEnded = false
  let checkTimer: NodeJS.Timeout | undefined
  let tellEnd: (reason: string) => void
  const ended = new Promise<string>((resolve) => {
    tellEnd = resolve
  })

  // RESP3 lets one connection both publish and listen. The client's own reconnecting is off: it
  // would subscribe again in silence, and a gap must be told.
  const client = createClient({
    url,
    RESP: 3,
    name: 'echowall',
    socket: { connectTimeout: CONNECT_LIMIT_MS, reconnectStrategy: false },
  })
  client.on('error', (error: Error) => void end(error.message))
  client.on('end', () => void end('the connection was closed'))

  const session = { listen, unlisten, names: () => [...listened.keys()], publish, ended, end }
  try {
    await withinMs(SET_UP_LIMIT_MS, setUp())
  } catch (error) {
    await end('it could not be set up')
    throw plainly(url, error)
  }
  checkLater()
  return session

  async function setUp(): Promise<void> {
    await client.connect()
    await Promise.all(names.map(listen))
  }

  function listen(name: string): Promise<void> {
    const acknowledged = listened.get(name) ?? ask(() => client.subscribe(name, hear))
    listened.set(name, acknowledged)
    return acknowledged
  }

  async function unlisten(name: string): Promise<void> {
    if (listened.delete(name)) await ask(() => client.unsubscribe(name, hear))
  }

  async function publish(name: string, payload: string): Promise<void> {
    requireLife()
    await client.publish(name, payload)
  }

  // What the client could not do once leaves it in doubt about its names: it gets no second try.
  async function ask(question: () => Promise<void>): Promise<void> {
    requireLife()
    try {
      await question()
    } catch (error) {
      void end('a subscription failed')
      throw error
    }
  }

  // Asked after its end the client would keep us waiting for ever.
  function requireLife(): void {
    if (isEnded) throw new Error('The connection to Redis is closed.')
  }

  function hear(payload: string): void {
    if (!isEnded) onMessage(payload)
  }

  function checkLater(): void {
    if (!isEnded) checkTimer = setTimeout(() => void check(), CHECK_PERIOD_MS)
  }

  // A frozen server says nothing by itself.
  async function check(): Promise<void> {
    try {
      await withinMs(CHECK_LIMIT_MS, client.ping())
      checkLater()
    } catch {
      await end('it did not answer')
    }
  }

  async function end(reason: string): Promise<void> {
    if (isEnded) return
    isEnded = true
    clearTimeout(checkTimer)
    tellEnd(reason)
    if (client.isOpen) client.destroy()
  }
}

// The password may stand in the URL, so only the host is told.
function plainly(url: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const { host } = new URL(url)
  return new Error(
    `Redis at ${host} cannot be used (${reason}): start it, or correct CHANNEL_LAYER.`,
    { cause },
  )
}
