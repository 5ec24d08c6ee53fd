// Echoes as columns of numbers: 33 bytes each, where an object of its own takes 400.
import type { Flight, FlightState } from './flights.ts'

/**
 * The last `size` echoes, a ring: each has its place by the last bits of its number, and as numbers
 * follow each other the newest one tells whose place it is.
 */
export type FlightTable<Probe> = {
  readonly size: number
  /** Its number must follow the one written before. */
  write(flight: Flight<Probe>): void
  /** A copy; undefined when another echo, or none, has that place. */
  read(number: number): Flight<Probe> | undefined
  writeState(number: number, state: FlightState): void
  /** Of whichever echo has the place of this number; undefined while none has. */
  stateAt(number: number): FlightState | undefined
  deadlineMs(number: number): number
  /** Ties an echo to another one, or to `NO_ECHO`. */
  link(number: number, to: number): void
  linked(number: number): number
  /** A new table of twice the size with the same echoes. */
  doubled(): FlightTable<Probe>
}

/** Stands where an echo's number could. */
export const NO_ECHO = -1

const STATES = ['waiting', 'settled', 'lost'] as const

/** `size` is a power of two. */
export function createFlightTable<Probe>(size: number): FlightTable<Probe> {
  const noncesHigh = new Uint32Array(size)
  const noncesLow = new Uint32Array(size)
  const sentMs = new Float64Array(size)
  const timeoutsMs = new Float32Array(size)
  // How far back the linked number is; 0 for none.
  const links = new Uint32Array(size)
  // 0 for a place that was never taken, else one more than the state's place in STATES.
  const states = new Uint8Array(size)
  const probes: (Probe | undefined)[] = new Array(size).fill(undefined)
  const placeOf = (number: number) => number & (size - 1)
  let newest = 0

  return {
    size,
    write,
    read,
    writeState(number, state) {
      states[placeOf(number)] = STATES.indexOf(state) + 1
    },
    stateAt: (number) => STATES[(states[placeOf(number)] ?? 0) - 1],
    deadlineMs: (number) => (sentMs[placeOf(number)] ?? 0) + (timeoutsMs[placeOf(number)] ?? 0),
    link,
    linked,
    doubled() {
      const wider = createFlightTable<Probe>(size * 2)
      for (let back = size - 1; back >= 0; back -= 1) {
        const flight = read((newest - back) >>> 0)
        if (!flight) continue
        wider.write(flight)
        wider.link(flight.number, linked(flight.number))
      }
      return wider
    },
  }

  function write(flight: Flight<Probe>): void {
    const place = placeOf(flight.number)
    newest = flight.number
    noncesHigh[place] = flight.nonceHigh
    noncesLow[place] = flight.nonceLow
    sentMs[place] = flight.sentMs
    timeoutsMs[place] = flight.timeoutMs
    states[place] = STATES.indexOf(flight.state) + 1
    probes[place] = flight.probe
  }

  function read(number: number): Flight<Probe> | undefined {
    const place = placeOf(number)
    const state = STATES[(states[place] ?? 0) - 1]
    const probe = probes[place]
    const isHere = (newest - number) >>> 0 < size
    if (!isHere || state === undefined || probe === undefined) return undefined
    return {
      number,
      nonceHigh: noncesHigh[place] ?? 0,
      nonceLow: noncesLow[place] ?? 0,
      probe,
      sentMs: sentMs[place] ?? 0,
      timeoutMs: timeoutsMs[place] ?? 0,
      state,
    }
  }

  function link(number: number, to: number): void {
    links[placeOf(number)] = to === NO_ECHO ? 0 : number - to
  }

  function linked(number: number): number {
    const back = links[placeOf(number)] ?? 0
    return back === 0 ? NO_ECHO : (number - back) >>> 0
  }
}
