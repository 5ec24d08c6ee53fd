// Looks where the way to an address ends: echoes of rising TTL, a few ways a second.
import type { Hop } from '#lib/db/schema.ts'
import { mayPing, type NetworkPolicy } from '#lib/targets/networks.ts'
import type { EchoResult, Outcome, Prober } from './prober.ts'

export type Tracer = {
  /** Looks once, when its turn comes; not at all where too many wait, or at what is not to be pinged. */
  trace(address: string, onTraced: (path: Hop[]) => void): void
  /** Keeps the results of its own echoes and gives back the others. */
  sift(results: EchoResult[]): EchoResult[]
  close(): void
}

const WAYS_PER_SECOND = 5
/** Those who wait longer than a minute learn of another way than the one that broke. */
const MOST_WAITING = 300
const MOST_HOPS = 30
const TIMEOUT_MS = 2_000
/** The first echo leaves within a second; the prober tells of a loss within a second more. */
const GIVE_UP_MS = 1_000 + TIMEOUT_MS + 1_000
/** Once is enough: nothing more leaves before the trace is over. */
const INTERVAL_MS = 3_600_000
const MANNER = { intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS, payloadBytes: 32, dscp: 0 }
/** Far below the ids of probes, which count from 1. */
const FIRST_ID = -(2 ** 30)

type Trace = { address: string; onTraced: (path: Hop[]) => void }
type Running = { outcomes: Map<number, Outcome>; finish(): void }

export type TracerOptions = {
  /** Sends the echoes, 30 a way: one that needs a process for each would be too dear. */
  prober: Pick<Prober, 'start' | 'stop'>
  policy: NetworkPolicy
}

export function createTracer({ prober, policy }: TracerOptions): Tracer {
  const waiting: Trace[] = []
  const running = new Map<number, { trace: Running; ttl: number }>()
  const timers = new Set<NodeJS.Timeout>()
  let nextId = FIRST_ID
  let pause: NodeJS.Timeout | undefined

  return {
    trace(address, onTraced) {
      if (mayPing(address, policy) || waiting.length >= MOST_WAITING) return
      waiting.push({ address, onTraced })
      if (!pause) takeTurn()
    },
    sift(results) {
      if (running.size === 0) return results
      return results.filter(({ probeId, outcome }) => {
        const echo = running.get(probeId)
        if (!echo) return true
        echo.trace.outcomes.set(echo.ttl, outcome)
        if (echo.trace.outcomes.size === MOST_HOPS) echo.trace.finish()
        return false
      })
    },
    close() {
      clearTimeout(pause)
      for (const timer of timers) clearTimeout(timer)
      prober.stop([...running.keys()])
    },
  }

  function takeTurn(): void {
    pause = undefined
    const next = waiting.shift()
    if (!next) return
    begin(next)
    pause = setTimeout(takeTurn, 1_000 / WAYS_PER_SECOND)
  }

  function begin({ address, onTraced }: Trace): void {
    const ids = Array.from({ length: MOST_HOPS }, (_, i) => nextId - i)
    nextId -= MOST_HOPS
    const trace: Running = { outcomes: new Map(), finish }
    const timer = setTimeout(finish, GIVE_UP_MS)
    timers.add(timer)
    for (const [i, id] of ids.entries()) running.set(id, { trace, ttl: i + 1 })
    prober.start(ids.map((id, i) => ({ id, address, ...MANNER, ttl: i + 1, dontFragment: false })))

    function finish(): void {
      clearTimeout(timer)
      timers.delete(timer)
      for (const id of ids) running.delete(id)
      prober.stop(ids)
      onTraced(pathOf(address, trace.outcomes))
    }
  }
}

/** The steps up to the first that was the end, or to the last that said anything. */
export function pathOf(address: string, outcomes: ReadonlyMap<number, Outcome>): Hop[] {
  const path: Hop[] = []
  let told = 0
  for (let ttl = 1; ttl <= MOST_HOPS; ttl += 1) {
    const hop = hopOf(ttl, address, outcomes.get(ttl))
    path.push(hop)
    if (hop.from !== null) told = ttl
    const kind = outcomes.get(ttl)?.kind
    if (kind === 'reply' || kind === 'unreachable') break
  }
  return path.slice(0, told)
}

function hopOf(ttl: number, address: string, outcome: Outcome | undefined): Hop {
  switch (outcome?.kind) {
    case 'reply':
      return { ttl, from: address }
    case 'unreachable':
      return { ttl, from: outcome.from, code: outcome.code }
    case 'ttl-exceeded':
      return { ttl, from: outcome.from }
    default:
      return { ttl, from: null }
  }
}
