// Keeps the process listening: one LISTEN session after the other, each new one a gap.
import { setTimeout as pause } from 'node:timers/promises'
import { createBackoff } from '#lib/backoff.ts'
import type { Log } from '#lib/log.ts'
import { type ListenSession, openListenSession } from './listen-session.ts'

export type ListenerOptions = {
  url: string
  log: Log
  /** Listened to from the first session on, held or not. */
  ownName: string
  onNotify: (payload: string) => void
  /** Proves that what is notified is heard; its failure is the first session's failure. */
  prove: () => Promise<void>
  onLost: () => void
  /** `isFirst` is false when messages may have been lost since the last session. */
  onListening: (isFirst: boolean) => void
}

export type Listener = {
  /** Counts one more holder of the name and resolves once it is listened to. */
  hold(name: string): Promise<void>
  /** Resolves once a name that somebody holds is listened to. */
  untilListening(name: string): Promise<void>
  /** Counts one holder less; the last one's going ends the LISTEN. */
  release(name: string): Promise<void>
  releaseAll(): Promise<void>
  fetch(id: string): Promise<string | undefined>
  isListening(): boolean
  close(): Promise<void>
}

/** Makes no connection before the first `hold`. That one fails if no session can be had; later losses are mended for ever. */
export function createListener(options: ListenerOptions): Listener {
  const { url, log, ownName, onNotify, prove, onLost, onListening } = options
  const holders = new Map<string, number>()
  const backoff = createBackoff({ firstMs: 50, limitMs: 2_000 })
  const stopping = new AbortController()
  // The session to come or in use; undefined before the first. It yields none after `close`.
  let coming: Promise<ListenSession | undefined> | undefined
  let current: ListenSession | undefined

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
    fetch: async (id) => current?.fetch(id),
    isListening: () => current !== undefined,
    async close() {
      stopping.abort()
      const last = await coming?.catch(() => undefined)
      await last?.end('the layer was closed')
    },
  }

  async function untilListening(name: string): Promise<void> {
    while (holders.has(name)) {
      if (stopping.signal.aborted) throw new Error('The channel layer is closed.')
      coming ??= openFirst()
      const session = await coming
      if (!session) continue
      try {
        return await session.listen(name)
      } catch (error) {
        // A failed LISTEN ends its session; the next one is waited for.
        log.warn({ err: error }, 'a LISTEN failed')
        await session.ended
      }
    }
  }

  async function openFirst(): Promise<ListenSession> {
    try {
      return use(await openProven(), true)
    } catch (error) {
      coming = undefined
      throw error
    }
  }

  async function openProven(): Promise<ListenSession> {
    const session = await open()
    try {
      await prove()
      return session
    } catch (error) {
      await session.end('it heard nothing')
      throw error
    }
  }

  async function openAgain(): Promise<ListenSession | undefined> {
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

  function open(): Promise<ListenSession> {
    return openListenSession({ url, names: [ownName, ...holders.keys()], onNotify })
  }

  function use(session: ListenSession, isFirst: boolean): ListenSession {
    backoff.reset()
    current = session
    void session.ended.then(replace)
    void dropUnheld()
    onListening(isFirst)
    return session
  }

  function replace(reason: string): void {
    current = undefined
    if (stopping.signal.aborted) return
    log.warn({ reason }, 'the LISTEN connection is lost')
    coming = openAgain()
    onLost()
  }

  async function dropUnheld(): Promise<void> {
    const session = current
    const unheld = session?.names().filter((name) => name !== ownName && !holders.has(name)) ?? []
    try {
      await Promise.all(unheld.map((name) => session?.unlisten(name)))
    } catch (error) {
      // Nobody here is in those groups any more, and the session has ended over it.
      log.debug({ err: error }, 'an UNLISTEN failed')
    }
  }
}
