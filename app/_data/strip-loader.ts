// Asks for the results of rows in sight that have not come: many in one frame, each once.
import { groupIdOfTopic, MAX_REPLAYED, type ServerFrame } from '#lib/live/protocol.ts'
import type { LiveConnection } from './live-connection.ts'
import type { SampleStore } from './sample-store.ts'

/** Rows that come into sight within this time are asked for together. */
const GATHER_MS = 30

export type StripLoader = {
  /** The row is in sight, and so long the window of its strip. Returns its undo. */
  see(groupId: string, n: number, windowMs: number): () => void
  /** Called with each frame after it was applied. */
  hear(frame: ServerFrame): void
  close(): void
}

type Wired = { samples: SampleStore; connection: Pick<LiveConnection, 'replay' | 'nowMs'> }

export function createStripLoader({ samples, connection }: Wired): StripLoader {
  const seen = new Map<string, Map<number, number>>()
  const asked = new Map<string, Set<number>>()
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    see(groupId, n, windowMs) {
      const rows = seen.get(groupId) ?? new Map<number, number>()
      seen.set(groupId, rows.set(n, windowMs))
      look()
      return () => {
        rows.delete(n)
        if (rows.size === 0 && seen.get(groupId) === rows) seen.delete(groupId)
      }
    },
    hear(frame) {
      if (frame.type !== 'snapshot' || frame.more) return
      // Every feed begins with one; what was asked before may not have been heard.
      asked.delete(groupIdOfTopic(frame.topic) ?? '')
      if (seen.size > 0) look()
    },
    close: () => clearTimeout(timer),
  }

  function look(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      for (const groupId of seen.keys()) askFor(groupId)
    }, GATHER_MS)
  }

  function askFor(groupId: string): void {
    const before = asked.get(groupId) ?? new Set()
    const history = samples.history(groupId)
    const nowMs = connection.nowMs()
    const n = [...(seen.get(groupId) ?? [])].flatMap(([row, windowMs]) =>
      !before.has(row) && history?.isLacking(row, nowMs - windowMs) ? [row] : [],
    )
    asked.set(groupId, new Set([...before, ...n]))
    for (let i = 0; i < n.length; i += MAX_REPLAYED) {
      connection.replay(`group:${groupId}`, n.slice(i, i + MAX_REPLAYED))
    }
  }
}
