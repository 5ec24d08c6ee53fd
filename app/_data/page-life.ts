// Tells the live connection when this page is put to rest, and when somebody looks again.
import type { LiveConnection } from './live-connection.ts'

/**
 * A page that is frozen, or kept for the way back, would be given everything it missed, frame by
 * frame, the moment it wakes. Returns its undo.
 */
export function watchPage({ rest, retryNow }: Pick<LiveConnection, 'rest' | 'retryNow'>) {
  const undone = new AbortController()
  const { signal } = undone
  const whenVisible = () => document.visibilityState === 'visible' && retryNow()
  window.addEventListener('online', retryNow, { signal })
  window.addEventListener('pageshow', ({ persisted }) => persisted && retryNow(), { signal })
  window.addEventListener('pagehide', rest, { signal })
  document.addEventListener('visibilitychange', whenVisible, { signal })
  document.addEventListener('resume', retryNow, { signal })
  document.addEventListener('freeze', rest, { signal })
  return () => undone.abort()
}
