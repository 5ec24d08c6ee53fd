// One life of the LISTEN connection: it watches itself and ends once, for good.
import postgres from 'postgres'
import type { Session } from './road.ts'
import { withinMs } from './within.ts'

const SET_UP_LIMIT_MS = 5_000
const CHECK_PERIOD_MS = 10_000
const CHECK_LIMIT_MS = 2_000

export type ListenSessionOptions = {
  url: string
  /** What to LISTEN to before the session is handed out. */
  names: string[]
  onNotify: (payload: string) => void
}

export type ListenSession = Session & {
  /** The text of a stored message, or undefined when it is gone. */
  fetch(id: string): Promise<string | undefined>
}

/** Rejects when the connection cannot be had or a name cannot be listened to within 5 s. */
export async function openListenSession(options: ListenSessionOptions): Promise<ListenSession> {
  const { url, names, onNotify } = options
  const listened = new Map<string, Promise<void>>()
  let isEnded = false
  let checkTimer: NodeJS.Timeout | undefined
  let tellEnd: (reason: string) => void
  const ended = new Promise<string>((resolve) => {
    tellEnd = resolve
  })

  // `onnotify` is not in the types of postgres.js, hence the variable.
  const settings = {
    max: 1,
    idle_timeout: undefined,
    max_lifetime: null,
    fetch_types: false,
    connect_timeout: SET_UP_LIMIT_MS / 1_000,
    connection: { application_name: 'echowall-listen' },
    onnotice: () => {},
    onnotify: (_name: string, payload: string) => {
      if (!isEnded) onNotify(payload)
    },
    onclose: () => void end('the connection was closed'),
  }
  const sql = postgres(url, settings)

  const session = { listen, unlisten, names: () => [...listened.keys()], fetch, ended, end }
  try {
    await withinMs(SET_UP_LIMIT_MS, Promise.all(names.map(listen)))
  } catch (error) {
    await end('it could not be set up')
    throw error
  }
  checkLater()
  return session

  function listen(name: string): Promise<void> {
    const acknowledged = listened.get(name) ?? ask(`listen "${name}"`)
    listened.set(name, acknowledged)
    return acknowledged
  }

  async function unlisten(name: string): Promise<void> {
    if (listened.delete(name)) await ask(`unlisten "${name}"`)
  }

  async function ask(statement: string): Promise<void> {
    // Asked once more after its end, the instance would connect again and hear half of the names.
    if (isEnded) throw new Error('The LISTEN connection is closed.')
    try {
      await sql.unsafe(statement)
    } catch (error) {
      void end(`"${statement}" failed`)
      throw error
    }
  }

  async function fetch(id: string): Promise<string | undefined> {
    if (isEnded) return undefined
    const rows = await sql<{ body: string }[]>`select body from channel_payloads where id = ${id}`
    return rows[0]?.body
  }

  function checkLater(): void {
    if (!isEnded) checkTimer = setTimeout(() => void check(), CHECK_PERIOD_MS)
  }

  // A killed or frozen backend says nothing by itself, and this question writes no WAL.
  async function check(): Promise<void> {
    const expected = session.names()
    try {
      const query = sql.unsafe<{ name: string }[]>('select pg_listening_channels() as name')
      const heard = new Set((await withinMs(CHECK_LIMIT_MS, query)).map(({ name }) => name))
      if (expected.some((name) => !heard.has(name))) return await end('it lost its names')
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
    await sql.end({ timeout: 0 })
  }
}
