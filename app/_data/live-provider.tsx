// Opens this tab's live connection and hands it, with what it fills, to the page below.
'use client'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { createLiveCache } from './live-cache.ts'
import { createLiveConnection, type LiveConnection } from './live-connection.ts'
import {
  type OpenTransport,
  openEventStream,
  openWebSocket,
  type TransportName,
} from './live-transport.ts'
import { openPolling } from './polling.ts'
import { createSampleStore, type SampleStore } from './sample-store.ts'
import { createStripLoader, type StripLoader } from './strip-loader.ts'
import { createVitalsStore, type VitalsStore } from './vitals-store.ts'

export type Live = {
  connection: LiveConnection
  samples: SampleStore
  vitals: VitalsStore
  strips: StripLoader
}

type LiveRoads = Record<TransportName, OpenTransport>

export const LIVE_ROADS: LiveRoads = {
  websocket: openWebSocket,
  sse: openEventStream,
  polling: openPolling,
}

const LiveContext = createContext<Live | undefined>(undefined)

/** Undefined until the page runs in a browser. */
export const useLive = () => useContext(LiveContext)

type LiveProviderProps = {
  /** Other roads than the usual ones; the inspector's note what passes on them. */
  roads?: LiveRoads
  only?: TransportName | undefined
  children: ReactNode
}

export function LiveProvider({ roads = LIVE_ROADS, only, children }: LiveProviderProps) {
  const client = useQueryClient()
  const [live, setLive] = useState<Live>()
  useEffect(() => {
    const samples = createSampleStore(requestAnimationFrame)
    const cache = createLiveCache(client, samples)
    const connection = createLiveConnection({
      roads,
      only,
      onFrame(frame, before) {
        cache.apply(frame, before)
        strips.hear(frame)
      },
      onSignedOut: () => location.assign('/sign-in?ended'),
    })
    const strips = createStripLoader({ samples, connection })
    const vitals = createVitalsStore(samples, connection.nowMs)
    setLive({ connection, samples, vitals, strips })
    const forgetReturns = onReturn(connection.retryNow)
    return () => {
      forgetReturns()
      strips.close()
      vitals.close()
      connection.close()
    }
  }, [client, roads, only])
  return <LiveContext value={live}>{children}</LiveContext>
}

// The network came back, or the laptop's lid was opened.
function onReturn(callback: () => void): () => void {
  const whenVisible = () => document.visibilityState === 'visible' && callback()
  window.addEventListener('online', callback)
  document.addEventListener('visibilitychange', whenVisible)
  return () => {
    window.removeEventListener('online', callback)
    document.removeEventListener('visibilitychange', whenVisible)
  }
}
