// Echoes as columns of numbers: 41 bytes each, where an object of its own takes 400.
import type { Flight, FlightState } from './flights.ts'

/** Echoes have their place by the last bits of their number; a later one overwrites the earlier. */
export type FlightTable<Probe> = {
  readonly size: number
  write(flight: Flight<Probe>): void
  /** A copy; undefined when another echo, or none, has that place. */
  read(number: number): Flight<Probe> | undefined
  writeSent(number: number, sentMs: number): void
  writeState(number: number, state: FlightState): void
  /** Of whichever echo has the place of this number; undefined while none has. */
  stateAt(number: number): FlightState | undefined
  deadlineMs(number: number): number
  /** A new table of twice the size with the same echoes. */
  doubled(): FlightTable<Probe>
}

const STATES = ['waiting', 'settled', 'lost', 'cancelled'] as const

/** `size` is a power of two. */
export function createFlightTable<Probe>(size: number): FlightTable<Probe> {
  const numbers = new Uint32Array(size)
  const noncesHigh = new Uint32Array(size)
  const noncesLow = new Uint32Array(size)
  const sentMs = new Float64Array(size)
  const timeoutsMs = new Float64Array(size)
  // 0 for a place that was never taken, else one more than the state's place in STATES.
  const states = new Uint8Array(size)
  const probes: (Probe | undefined)[] = new Array(size).fill(undefined)
  const placeOf = (number: number) => number & (size - 1)

  return {
    size,
    write,
    read: (number) =>
      numbers[placeOf(number)] === number ? readPlace(placeOf(number)) : undefined,
    writeSent(number, atMs) {
      sentMs[placeOf(number)] = atMs
    },
    writeState(number, state) {
      states[placeOf(number)] = STATES.indexOf(state) + 1
    },
    stateAt: (number) => STATES[(states[placeOf(number)] ?? 0) - 1],
    deadlineMs: (number) => (sentMs[placeOf(number)] ?? 0) + (timeoutsMs[placeOf(number)] ?? 0),
    doubled() {
      const wider = createFlightTable<Probe>(size * 2)
      for (let place = 0; place < size; place += 1) {
        const flight = readPlace(place)
        if (flight) wider.write(flight)
      }
      return wider
    },
  }

  function write(flight: Flight<Probe>): void {
    const place = placeOf(flight.number)
    numbers[place] = flight.number
    noncesHigh[place] = flight.nonceHigh
    noncesLow[place] = flight.nonceLow
    sentMs[place] = flight.sentMs
    timeoutsMs[place] = flight.timeoutMs
    states[place] = STATES.indexOf(flight.state) + 1
    probes[place] = flight.probe
  }

  function readPlace(place: number): Flight<Probe> | undefined {
    const state = STATES[(states[place] ?? 0) - 1]
    const probe = probes[place]
    if (state === undefined || probe === undefined) return undefined
    return {
      number: numbers[place] ?? 0,
      nonceHigh: noncesHigh[place] ?? 0,
      nonceLow: noncesLow[place] ?? 0,
      probe,
      sentMs: sentMs[place] ?? 0,
      timeoutMs: timeoutsMs[place] ?? 0,
      state,
    }
  }
}
