// Gives each probe its address: names are resolved, refused, found missing, asked again.
import ipaddr from 'ipaddr.js'
import type { Clock } from '#lib/clock.ts'
import type { Log } from '#lib/log.ts'
import { mayPing, type NetworkPolicy } from '#lib/targets/networks.ts'
import type { Probe, Prober } from './prober.ts'
import type { NameResolver, Resolution } from './resolver.ts'
import type { RosterProbe } from './roster.ts'

const LOOK_MS = 500
/**
 * Questions under way at once, as some resolvers take no more than 150; a silent one holds each for
 * seconds. The name that is overdue longest comes first, so that none starves.
 */
const MAX_ASKING = 128
const RETRY_SECONDS = 10

export type Addressing = {
  start(probes: RosterProbe[]): void
  stop(probeIds: number[]): void
  close(): void
}

export type AddressingOptions = {
  resolver: NameResolver
  policy: NetworkPolicy
  clock: Clock
  log: Log
  prober: Pick<Prober, 'start' | 'stop'>
  /** Stands in for the prober while a name does not exist. */
  nameless: Pick<Prober, 'start' | 'stop'>
  /** A probe goes to this address from now on; told of names alone. */
  onPlaced: (probeId: number, address: string) => void
}

type Name = {
  host: string
  family: number
  probes: Map<number, RosterProbe>
  /** Where the probes are now: an address, `none`, or nowhere, as nobody could say. */
  place: string | undefined
  dueMs: number
  isAsking: boolean
}

export function createAddressing(options: AddressingOptions): Addressing {
  const { resolver, policy, clock, log, prober, nameless, onPlaced } = options
  const names = new Map<string, Name>()
  const nameOfProbe = new Map<number, Name>()
  /** The most overdue last. */
  let queue: Name[] = []
  let asking = 0
  const timer = setInterval(look, LOOK_MS)

  return { start, stop, close: () => clearInterval(timer) }

  function start(probes: RosterProbe[]): void {
    const literals = probes.filter((probe) => ipaddr.isValid(probe.host))
    prober.start(literals.filter(isAllowed).map((probe) => toProbe(probe, probe.host)))
    for (const probe of probes) {
      if (ipaddr.isValid(probe.host)) continue
      const name = nameOf(probe)
      name.probes.set(probe.id, probe)
      nameOfProbe.set(probe.id, name)
      if (name.place !== undefined) put(name, [probe])
    }
    look()
  }

  function isAllowed({ host }: { host: string }): boolean {
    const refusal = mayPing(host, policy)
    if (refusal) log.warn({ host, refusal }, 'a host is not pinged')
    return refusal === undefined
  }

  function stop(probeIds: number[]): void {
    prober.stop(probeIds)
    nameless.stop(probeIds)
    for (const id of probeIds) {
      const name = nameOfProbe.get(id)
      nameOfProbe.delete(id)
      name?.probes.delete(id)
      if (name?.probes.size === 0) names.delete(keyOf(name))
    }
  }

  function nameOf({ host, family }: RosterProbe): Name {
    const known = names.get(keyOf({ host, family }))
    if (known) return known
    const probes = new Map<number, RosterProbe>()
    const name: Name = { host, family, probes, place: undefined, dueMs: 0, isAsking: false }
    names.set(keyOf(name), name)
    return name
  }

  function look(): void {
    const nowMs = clock.steadyMs()
    const due = [...names.values()].filter((name) => !name.isAsking && name.dueMs <= nowMs)
    queue = due.sort((a, b) => a.dueMs - b.dueMs).reverse()
    askNext()
  }

  function askNext(): void {
    while (asking < MAX_ASKING) {
      const name = queue.pop()
      if (!name) return
      if (names.get(keyOf(name)) === name) void ask(name)
    }
  }

  async function ask(name: Name): Promise<void> {
    asking += 1
    name.isAsking = true
    const resolution = await resolver.resolve(name.host, name.family)
    asking -= 1
    name.isAsking = false
    const seconds = resolution.kind === 'unknown' ? RETRY_SECONDS : resolution.ttlSeconds
    name.dueMs = clock.steadyMs() + seconds * 1_000
    const place = placeOf(name, resolution)
    if (place !== name.place) {
      name.place = place
      put(name, [...name.probes.values()])
    }
    askNext()
  }

  // Nobody could say: the probes stay where they were. So they do while their address is one of
  // several, for servers give them in another order each time.
  function placeOf(name: Name, resolution: Resolution): string | undefined {
    if (resolution.kind === 'unknown') return name.place
    if (resolution.kind === 'none') return 'none'
    const { addresses } = resolution
    if (addresses.some((address) => address === name.place)) return name.place
    return addresses.find((address) => isAllowed({ host: address }))
  }

  function put(name: Name, probes: RosterProbe[]): void {
    const ids = probes.map((probe) => probe.id)
    if (name.place === undefined || name.place === 'none') prober.stop(ids)
    if (name.place !== 'none') nameless.stop(ids)
    if (name.place === undefined) return
    const placed = probes.map((probe) => toProbe(probe, name.place ?? ''))
    if (name.place === 'none') {
      nameless.start(placed)
      return
    }
    prober.start(placed)
    for (const { id, address } of placed) onPlaced(id, address)
  }
}

const keyOf = ({ host, family }: { host: string; family: number }) => `${family} ${host}`

function toProbe({ host: _, family: __, ...probe }: RosterProbe, address: string): Probe {
  return { ...probe, address }
}
