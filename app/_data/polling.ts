// The last road: asks for each followed topic once a second, and speaks like a connection.
import { CLOSE } from '#lib/live/close-codes.ts'
import { once, type Transport, type TransportEvents } from './live-transport.ts'

const POLL_MS = 1_000
const TIMEOUT_MS = 8_000

const ROOM_ENOUGH = JSON.stringify({ type: 'storage', level: 'ok' })

/** How the last round of questions went. */
type Round = 'answered' | 'unreachable' | 'signed-out'

export function openPolling({ onFrame, onAlive, onClose }: TransportEvents): Transport {
  const topics = new Map<string, string | undefined>()
  const stop = new AbortController()
  const close = once((code?: number) => {
    stop.abort()
    onClose(code)
  })
  void poll()
  return {
    send(frame) {
      if (frame.type === 'follow') topics.set(frame.topic, frame.since)
      // An answer brings all that was stored since the cursor: without one, everything.
      if (frame.type === 'replay') topics.set(frame.topic, undefined)
      if (frame.type === 'unfollow') topics.delete(frame.topic)
    },
    close,
  }

  async function poll(): Promise<void> {
    while (!stop.signal.aborted) {
      const startedMs = Date.now()
      const round = await askAll()
      if (stop.signal.aborted) return
      if (round === 'signed-out') return close(CLOSE.sessionEnded)
      if (round === 'unreachable') return close()
      await sleep(Math.max(0, POLL_MS - (Date.now() - startedMs)))
    }
  }

  async function askAll(): Promise<Round> {
    if (topics.size === 0) return ask('inbox', undefined)
    const rounds = await Promise.all([...topics].map(([topic, since]) => ask(topic, since)))
    return rounds.find((round) => round !== 'answered') ?? 'answered'
  }

  async function ask(topic: string, since: string | undefined): Promise<Round> {
    const query = new URLSearchParams({ topic, ...(since && { since }) })
    try {
      const answer = await fetch(`/live?${query}`, {
        headers: { accept: 'application/json' },
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      if (answer.status === 401) return 'signed-out'
      if (!answer.ok) return answer.status >= 500 ? 'unreachable' : 'answered'
      deliver(topic, await answer.json())
      return 'answered'
    } catch {
      return 'unreachable'
    }
  }

  function deliver(topic: string, frames: unknown): void {
    if (!Array.isArray(frames) || stop.signal.aborted) return
    for (const frame of frames) {
      if (frame?.type === 'denied') topics.delete(topic)
      if (typeof frame?.cursor === 'string' && topics.has(topic)) topics.set(topic, frame.cursor)
      onFrame(JSON.stringify(frame))
    }
    // Answers do not tell of an end: what none of them says any more is over.
    if (!frames.some((frame) => frame?.type === 'storage')) onFrame(ROOM_ENOUGH)
    // An answer without news is a sign of life all the same.
    onAlive()
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
