// What the page knows of the store of results: whether there is room, and since when not.
import type { ServerFrame } from '#lib/live/protocol.ts'
import type { StorageLevel } from '#lib/samples/storage-level.ts'
import { createWatched } from './watched.ts'

export type StorageNotice = { level: StorageLevel; since: string | undefined }

export const ROOM_ENOUGH: StorageNotice = { level: 'ok', since: undefined }

export function createStorageNotice() {
  const shown = createWatched(ROOM_ENOUGH, (a, b) => a.level === b.level && a.since === b.since)

  return {
    value: shown.value,
    subscribe: shown.subscribe,
    /** A connection begins without a word on it where there is room. */
    hear(frame: ServerFrame): void {
      if (frame.type === 'welcome') shown.put(ROOM_ENOUGH)
      if (frame.type === 'storage') shown.put({ level: frame.level, since: frame.since })
    },
  }
}
