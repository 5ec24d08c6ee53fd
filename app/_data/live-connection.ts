// The one live connection of this tab: keeps a road open, follows topics, knows its age.
import { CLOSE, comesBack } from '#lib/live/close-codes.ts'
import { type ClientFrame, type ServerFrame, STALE_MS } from '#lib/live/protocol.ts'
import { createFreshness } from './freshness.ts'
import { createLiveRoads } from './live-roads.ts'
import { createLiveStatus, type LiveStatus } from './live-status.ts'
import { createLiveTopics } from './live-topics.ts'
import type { OpenTransport, TransportName } from './live-transport.ts'
import { type Road, takeRoad } from './taken-road.ts'

/** A road without any frame for this long is dead, whatever its socket believes. */
const SILENT_MS = 10_000

export type LiveConnection = {
  /** Asks for a topic while at least one caller follows it. Returns its undo. */
  follow(topic: string): () => void
  /** Asks for the recent results of some targets of a followed topic; they come as frames, or never. */
  replay(topic: string, n: number[]): void
  status(): LiveStatus
  /** The server's time in ms up to which its news is complete: it rests when frames stay out. */
  nowMs(): number
  /** The server's time in ms, which goes on. */
  clockMs(): number
  /** How long ago the last frame came. */
  ageMs(): number
  subscribe(callback: () => void): () => void
  /** The network or the reader came back: does not wait for the next attempt. */
  retryNow(): void
  /** The page is put to rest: what would come meanwhile is not kept for it. */
  rest(): void
  close(): void
}

export type LiveOptions = {
  roads: Record<TransportName, OpenTransport>
  /** `before` is the cursor the topic had reached before this frame. */
  onFrame(frame: ServerFrame, before: string | undefined): void
  /** The session has ended: sign in again. */
  onSignedOut(): void
  /** Takes this road alone: no falling back, no return. */
  only?: TransportName | undefined
  random?: () => number
}

export function createLiveConnection(options: LiveOptions): LiveConnection {
  const { onFrame, onSignedOut, only, random } = options
  const roads = createLiveRoads(random, only)
  const topics = createLiveTopics(send, random)
  const freshness = createFreshness(STALE_MS, publish)
  const shown = createLiveStatus()
  let road: Road | undefined
  let candidate: Road | undefined
  let isUpstreamLost = false
  let hasFailed = false
  let isOver = false
  let timer: Timer
  let returnTimer: Timer
  const watchdog = setInterval(watch, 1_000)

  open()
  return {
    follow(topic) {
      if (topics.add(topic)) send(topics.followFrame(topic))
      return () => {
        if (topics.remove(topic)) send({ type: 'unfollow', topic })
      }
    },
    replay: (topic, n) => send({ type: 'replay', topic, n }),
    status: shown.value,
    nowMs: freshness.nowMs,
    clockMs: freshness.clockMs,
    ageMs: freshness.ageMs,
    subscribe: shown.subscribe,
    retryNow() {
      publish()
      if (isOver || (road?.hasOpened && !freshness.isStale())) return
      roads.restart()
      road?.transport.close()
      open()
    },
    rest() {
      for (const one of [candidate, road]) one?.transport.close()
    },
    close: stop,
  }

  function open(): void {
    clearTimeout(timer)
    if (!isOver) road = travel(roads.current())
  }

  function travel(name: TransportName): Road {
    return takeRoad(name, options.roads[name], {
      onFrame: receive,
      onAlive: (from) => receive(from, undefined),
      onEnd: ended,
    })
  }

  function receive(from: Road, frame: ServerFrame | undefined): void {
    if (isOver || (from !== road && from !== candidate)) return
    // After a sleep the buffers hold what was sent before it.
    if (from === road && watch()) return
    if (from === candidate) adopt(from)
    // A shared stream greets again when another tab has taken it over: nobody is followed there yet.
    if (!from.hasOpened || frame?.type === 'welcome') begin(from)
    freshness.alive(frame)
    if (frame) handle(from, frame)
    publish()
  }

  function begin(opened: Road): void {
    opened.hasOpened = true
    hasFailed = isUpstreamLost = false
    roads.opened()
    for (const frame of topics.followFrames()) send(frame)
    if (opened.name !== 'websocket') returnLater()
  }

  function handle(from: Road, frame: ServerFrame): void {
    if (frame.type === 'ping') from.transport.send({ type: 'pong' })
    if (frame.type === 'stale' || frame.type === 'live') isUpstreamLost = frame.type === 'stale'
    if (frame.type === 'bye') {
      from.afterMs = frame.after_ms
      if (!comesBack(frame.code)) ended(from, frame.code)
    }
    if ((frame.type === 'denied' || frame.type === 'ended') && !topics.lose(frame)) return
    onFrame(frame, topics.note(frame))
  }

  function ended(from: Road, code: number | undefined): void {
    if (from === candidate) {
      candidate = undefined
      returnLater()
      return
    }
    if (from !== road || isOver) return
    road = undefined
    hasFailed = true
    clearTimeout(returnTimer)
    if (code === undefined || comesBack(code)) {
      timer = setTimeout(open, roads.ended(from.hasOpened, from.afterMs))
    } else {
      stop()
      if (code === CLOSE.sessionEnded) onSignedOut()
    }
    publish()
  }

  function returnLater(): void {
    clearTimeout(returnTimer)
    const afterMs = roads.returnAfterMs()
    if (afterMs !== undefined) returnTimer = setTimeout(tryReturn, afterMs)
  }

  // Beside the lesser road, which goes on until the better one has carried a frame.
  function tryReturn(): void {
    candidate ??= travel('websocket')
  }

  function adopt(better: Road): void {
    const lesser = road
    road = better
    candidate = undefined
    roads.returned()
    lesser?.transport.close()
  }

  /** True when the road was dead. */
  function watch(): boolean {
    publish()
    const isDead = road?.hasOpened === true && freshness.ageMs() > SILENT_MS
    if (isDead) road?.transport.close()
    return isDead
  }

  function send(frame: ClientFrame): void {
    if (road?.hasOpened) road.transport.send(frame)
  }

  function publish(): void {
    const transport = road?.hasOpened ? road.name : hasFailed ? 'offline' : 'connecting'
    const isStale = isUpstreamLost || isOver || freshness.isStale()
    shown.put({ transport, isStale })
  }

  function stop(): void {
    isOver = true
    clearInterval(watchdog)
    clearTimeout(timer)
    clearTimeout(returnTimer)
    freshness.close()
    topics.close()
    const open = [road, candidate]
    road = candidate = undefined
    for (const one of open) one?.transport.close()
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined
