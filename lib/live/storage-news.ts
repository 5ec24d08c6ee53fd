// Whether results are stored, as every reader is told it: read again at each hint.
import { STORAGE } from '#lib/channels/names.ts'
import type { House } from '#lib/http/house.ts'
import type { StorageState } from '#lib/samples/storage-level.ts'
import { readStorageState } from '#lib/samples/storage-state.ts'
import { encodeFrame } from './frames.ts'

const RETRY_MS = 2_000

export type StorageNews = {
  /** What a newcomer has to know, as a frame; nothing while there is room enough. */
  frame(): string | undefined
  /** A hint may have been missed. */
  refresh(): void
  close(): Promise<void>
}

/** `onChange` is given the frame that says how it stands now. */
export async function openStorageNews(
  { channels, db, log }: House,
  onChange: (frame: string) => void,
): Promise<StorageNews> {
  const channel = channels.newChannel('storage')
  let known: StorageState = { level: 'ok', cause: null, since: null }
  let reading: Promise<void> | undefined
  let isAskedAgain = false
  let retry: NodeJS.Timeout | undefined
  const undrop = channels.on('drop', (dropped) => dropped === channel && refresh())
  const unreceive = await channels.receive(channel, refresh)
  await channels.groupAdd(STORAGE, channel)
  refresh()
  await reading

  return {
    frame: () => (known.level === 'ok' ? undefined : frameOf(known)),
    refresh,
    async close() {
      undrop()
      await channels.groupDiscard(STORAGE, channel)
      await unreceive()
      isAskedAgain = false
      await reading
      clearTimeout(retry)
    },
  }

  // What is asked while a reading is under way may be newer than what that one finds.
  function refresh(): void {
    isAskedAgain = reading !== undefined
    reading ??= read().finally(() => {
      reading = undefined
      if (isAskedAgain) refresh()
    })
  }

  async function read(): Promise<void> {
    clearTimeout(retry)
    try {
      const state = await readStorageState(db)
      const hasChanged = state.level !== known.level || state.since !== known.since
      known = state
      if (hasChanged) onChange(frameOf(state))
    } catch (error) {
      log.warn({ err: error }, 'it could not be read whether results are stored')
      retry = setTimeout(refresh, RETRY_MS).unref()
    }
  }
}

function frameOf({ level, since }: StorageState): string {
  return encodeFrame({ type: 'storage', level, ...(since !== null && { since }) })
}
