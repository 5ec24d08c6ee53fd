// Where in time the wall is: live, or at a moment that stands in the URL; the ways between.
'use client'
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react'
import { useLive } from '../_data/live-provider.tsx'
import type { Travel, Travelled } from '../_data/travel.ts'
import { isTyping } from '../_wall/keys.ts'
import { useAskedMoment, writeMoment } from '../_wall/wall-view.ts'

export type Travelling = {
  /** The bar with the slider is there. */
  isOpen: boolean
  /** Undefined while the wall is live. */
  travel: Travel | undefined
  /** The past is shown, and not only on its way. */
  isPast: boolean
  /** The page was opened at a moment that is on its way. */
  isArriving: boolean
  open(): void
  go(ms: number): void
  /** Back to the present. */
  live(): void
  /** The same, and the bar goes. */
  close(): void
}

/** While a moment is played, the URL follows in such steps. */
const URL_STEP_MS = 2_000

export function useTravelling(): Travelling {
  const present = useLive()
  const asked = useAskedMoment()
  const [first, setFirst] = useState(asked)
  const [isOpen, setIsOpen] = useState(asked !== undefined)
  const [travel, setTravel] = useState<Travel>()
  const current = useRef<Travel>(undefined)
  const travelled = useTravelled(travel)
  useMomentInUrl(travel)
  useOpeningKey(isOpen ? close : open)
  const begin = useEffectEvent(() => first !== undefined && void go(first))
  useEffect(() => {
    if (present) begin()
    return () => current.current?.close()
  }, [present])

  return {
    isOpen,
    travel,
    isPast: travelled?.atMs !== undefined,
    isArriving: first !== undefined && travelled?.atMs === undefined && !travelled?.fault,
    open,
    go: (ms) => void go(ms),
    live,
    close,
  }

  function open(): void {
    setIsOpen(true)
  }

  function close(): void {
    live()
    setIsOpen(false)
  }

  async function go(ms: number): Promise<void> {
    if (!present) return
    const { createTravel } = await import('../_data/travel.ts')
    if (!current.current) {
      const presentMs = present.connection.clockMs
      current.current = createTravel({ presentMs, onPresent: live })
      setTravel(current.current)
    }
    current.current.go(ms)
  }

  function live(): void {
    current.current?.close()
    current.current = undefined
    setFirst(undefined)
    setTravel(undefined)
    writeMoment(undefined)
  }
}

/** Undefined while the wall is live. */
export function useTravelled(travel: Travel | undefined): Travelled | undefined {
  return useSyncExternalStore(
    travel?.travelled.subscribe ?? unwatched,
    () => travel?.travelled.value(),
    () => undefined,
  )
}

const unwatched = () => () => {}

function useOpeningKey(turn: () => void): void {
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 't' && !isTyping(event)) turn()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => hear(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

function useMomentInUrl(travel: Travel | undefined): void {
  useEffect(() => {
    let written: number | undefined
    let writtenAtMs = Number.NEGATIVE_INFINITY
    return travel?.travelled.subscribe(() => {
      const { atMs, goingToMs, isPlaying } = travel.travelled.value()
      if (atMs === undefined || goingToMs !== undefined || atMs === written) return
      if (isPlaying && performance.now() - writtenAtMs < URL_STEP_MS) return
      written = atMs
      writtenAtMs = performance.now()
      writeMoment(atMs)
    })
  }, [travel])
}
