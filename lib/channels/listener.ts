// Keeps the process listening: one session after the other, each new one a gap.
import { setTimeout as pause } from 'node:timers/promises'
import { createBackoff } from '#lib/backoff.ts'
import { AppError } from '#lib/errors.ts'
import type { Log } from '#lib/log.ts'
import type { Session } from './road.ts'

export type ListenerOptions<S extends Session> = {
  log: Log
  /** Listened to from the first session on, held or not. */
  ownNames: string[]
  openSession: (names: string[]) => Promise<S>
  /** Proves that what is sent is heard; its failure is the first session's failure. */
  prove?: () => Promise<void>
  onLost: () => void
  /** `isFirst` is false when messages may have been lost since the last session. */
  onListening: (isFirst: boolean) => void
}

export type Listener<S extends Session> = {
  /** Counts one more holder of the name and resolves once it is listened to. */
  hold(name: string): Promise<void>
  /** Resolves once a name that somebody holds is listened to. */
  untilListening(name: string): Promise<void>
  /** Counts one holder less; the last one's going ends the LISTEN. */
  release(name: string): Promise<void>
  releaseAll(): Promise<void>
  /** The session in use, or the first one to come; rejects while a lost one is being replaced. */
  connect(): Promise<S>
  isListening(): boolean
  close(): Promise<void>
}

/**
 * Makes no connection before it is asked to. The first fails if no session can be had; later
 * losses are mended for ever.
 */
export function createListener<S extends Session>(options: ListenerOptions<S>): Listener<S> {
  const { log, ownNames, openSession, prove, onLost, onListening } = options
  const holders = new Map<string, number>()
  const backoff = createBackoff({ firstMs: 50, limitMs: 2_000 })
  const stopping = new AbortController()
  // The session to come or in use; undefined before the first. It yields none after `close`.
  let coming: Promise<S | undefined> | undefined
  let current: S | undefined
  let isLost = false

  return {
    async hold(name) {
      holders.set(name, (holders.get(name) ?? 0) + 1)
      await untilListening(name)
    },
    untilListening,
    async release(name) {
      const left = (holders.get(name) ?? 0) - 1
      if (left > 0) return void holders.set(name, left)
      holders.delete(name)
      await dropUnheld()
    },
    async releaseAll() {
      holders.clear()
      await dropUnheld()
    },
    async connect() {
      if (isLost) throw new AppError('unavailable', 'The channel layer is connecting again.')
      if (stopping.signal.aborted) throw closed()
      coming ??= openFirst()
      const session = await coming
      if (!session) throw closed()
      return session
    },
    isListening: () => current !== undefined,
    async close() {
      stopping.abort()
      const last = await coming?.catch(() => undefined)
      await last?.end('the layer was closed')
    },
  }

  async function untilListening(name: string): Promise<void> {
    while (holders.has(name)) {
      if (stopping.signal.aborted) throw closed()
      coming ??= openFirst()
      const session = await coming
      if (!session) continue
      try {
        return await session.listen(name)
      } catch (error) {
        // A failure ends its session; the next one is waited for.
        log.warn({ err: error }, 'a name could not be listened to')
        await session.ended
      }
    }
  }

  async function openFirst(): Promise<S> {
    try {
      return use(await openProven(), true)
    } catch (error) {
      coming = undefined
      throw error
    }
  }

  async function openProven(): Promise<S> {
    const session = await open()
    try {
      await prove?.()
      return session
    } catch (error) {
      await session.end('it heard nothing')
      throw error
    }
  }

  async function openAgain(): Promise<S | undefined> {
    while (!stopping.signal.aborted) {
      try {
        await pause(backoff.nextMs(), undefined, { signal: stopping.signal })
        return use(await open(), false)
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error }, 'listening again failed')
      }
    }
    return undefined
  }

  function open(): Promise<S> {
    return openSession([...ownNames, ...holders.keys()])
  }

  function use(session: S, isFirst: boolean): S {
    backoff.reset()
    current = session
    isLost = false
    void session.ended.then(replace)
    void dropUnheld()
    onListening(isFirst)
    return session
  }

  function replace(reason: string): void {
    current = undefined
    isLost = true
    if (stopping.signal.aborted) return
    log.warn({ reason }, 'the connection to listen by is lost')
    coming = openAgain()
    onLost()
  }

  async function dropUnheld(): Promise<void> {
    const session = current
    const unheld = session?.names().filter(isUnheld) ?? []
    try {
      await Promise.all(unheld.map((name) => session?.unlisten(name)))
    } catch (error) {
      // Nobody here is in those groups any more, and the session has ended over it.
      log.debug({ err: error }, 'an end of listening failed')
    }
  }

  function isUnheld(name: string): boolean {
    return !ownNames.includes(name) && !holders.has(name)
  }
}

function closed(): Error {
  return new Error('The channel layer is closed.')
}
