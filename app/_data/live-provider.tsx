// Opens this tab's live connection and hands it, with what it fills, to the page below.
'use client'
import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { createLiveCache } from './live-cache.ts'
import { createLiveConnection, type LiveConnection } from './live-connection.ts'
import {
  type OpenTransport,
  openEventStream,
  openWebSocket,
  type TransportName,
} from './live-transport.ts'
import { ofSession } from './own-session.ts'
import { watchPage } from './page-life.ts'
import { openPolling } from './polling.ts'
import { createSampleStore, type SampleStore } from './sample-store.ts'
import { shareStream } from './shared-stream.ts'
import { createStorageNotice } from './storage-notice.ts'
import { createStripLoader, type StripLoader } from './strip-loader.ts'
import { createVitalsStore, type VitalsStore } from './vitals-store.ts'
import { createWatched } from './watched.ts'

export type Live = {
  /** Of an earlier time, travelled to: nothing can be changed. */
  isPast: boolean
  connection: Pick<
    LiveConnection,
    'follow' | 'status' | 'subscribe' | 'nowMs' | 'clockMs' | 'ageMs'
  >
  samples: SampleStore
  vitals: VitalsStore
  strips: StripLoader
  storage: ReturnType<typeof createStorageNotice>
}

export type LiveRoads = Record<TransportName, OpenTransport>

/** The roads of a page that was made for this session. */
export function liveRoads(session: string): LiveRoads {
  const own = (open: OpenTransport) => ofSession(session, open, () => location.reload())
  return {
    websocket: own(openWebSocket),
    sse: own(shareStream(`echowall-live.${session}`, openEventStream)),
    polling: openPolling,
  }
}

// The context itself never changes: React throws away a part of the page that is still on its way,
// and what was typed into it, when a context above it does.
const LiveContext = createContext(createWatched<Live | undefined>(undefined))

/** Undefined until the page runs in a browser. */
export function useLive(): Live | undefined {
  const live = useContext(LiveContext)
  return useSyncExternalStore(live.subscribe, live.value, () => undefined)
}

/** What is below reads this instead of the present. */
export function GivenLive({ live, children }: { live: Live; children: ReactNode }) {
  const [given] = useState(() => createWatched<Live | undefined>(live))
  return <LiveContext value={given}>{children}</LiveContext>
}

type LiveProviderProps = {
  /** Those of `liveRoads`, made once. */
  roads: LiveRoads
  only?: TransportName | undefined
  children: ReactNode
}

export function LiveProvider({ roads, only, children }: LiveProviderProps) {
  const client = useQueryClient()
  const [live] = useState(() => createWatched<Live | undefined>(undefined))
  useEffect(() => {
    const samples = createSampleStore(requestAnimationFrame)
    const cache = createLiveCache(client, samples)
    const storage = createStorageNotice()
    const connection = createLiveConnection({
      roads,
      only,
      onFrame(frame, before) {
        cache.apply(frame, before)
        strips.hear(frame)
        storage.hear(frame)
      },
      onSignedOut: () => location.assign('/sign-in?ended'),
    })
    const strips = createStripLoader({ samples, connection })
    const vitals = createVitalsStore(samples, connection.nowMs)
    live.put({ isPast: false, connection, samples, vitals, strips, storage })
    const unwatch = watchPage(connection)
    return () => {
      unwatch()
      strips.close()
      vitals.close()
      connection.close()
    }
  }, [client, live, roads, only])
  return <LiveContext value={live}>{children}</LiveContext>
}
