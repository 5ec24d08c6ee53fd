import { describe, expect, it } from 'vitest'
import { createFlights, type Flight } from '../../../../worker/probers/icmp/flights.ts'

function flightsFrom(firstWord: number, limit = 2 ** 18) {
  let word = firstWord
  const drawNonce = () => {
    word = (word + 1) >>> 0
    return word
  }
  return createFlights<string>({ drawNonce, limit })
}

function mustOpen(flights: ReturnType<typeof flightsFrom>, probe: string, atMs: number) {
  const flight = flights.open(probe, 1_000, atMs)
  if (!flight) throw new Error('the table is full')
  return flight
}

function mustSend(flights: ReturnType<typeof flightsFrom>, probe: string, atMs: number) {
  const flight = mustOpen(flights, probe, atMs)
  flights.noteSent(flight)
  return flight
}

describe('flights', () => {
  it('finds an echo by its number and nonce, and by nothing less', () => {
    const flights = flightsFrom(7)
    const flight = mustSend(flights, 'a', 0)
    const { number, nonceHigh, nonceLow } = flight
    expect(flights.find(number, nonceHigh, nonceLow)).toEqual(flight)
    expect(flights.find(number, nonceHigh, nonceLow + 1)).toBeUndefined()
    expect(flights.find(number, nonceHigh ^ 1, nonceLow)).toBeUndefined()
    expect(flights.find((number + 1) >>> 0, nonceHigh, nonceLow)).toBeUndefined()
  })

  it('keeps echoes apart when the ICMP sequence and the 32-bit number wrap', () => {
    const flights = flightsFrom(0xffff_ff00)
    const opened: Flight<string>[] = []
    for (let i = 0; i < 70_000; i += 1) opened.push(mustSend(flights, `p${i}`, 0))
    expect(new Set(opened.map(({ number }) => number)).size).toBe(70_000)
    expect(opened.some(({ number }) => number === 0)).toBe(true)
    for (const flight of opened) {
      expect(flights.find(flight.number, flight.nonceHigh, flight.nonceLow)?.probe).toBe(
        flight.probe,
      )
    }
    const [first] = opened
    const twin = opened[65_536]
    expect((first?.number ?? 0) & 0xffff).toBe((twin?.number ?? 1) & 0xffff)
    const sequence = (first?.number ?? 0) & 0xffff
    expect(flights.findWaiting(sequence, ({ probe }) => probe === 'p0')).toEqual(first)
    expect(flights.findWaiting(sequence, ({ probe }) => probe === 'p65536')).toEqual(twin)
    expect(flights.findWaiting(sequence, () => true)).toEqual(twin)
  })

  it('hands over each silent echo once, not before its timeout and within 20 ms after it', () => {
    const flights = flightsFrom(1)
    const silent = mustSend(flights, 'silent', 100)
    const answered = mustSend(flights, 'answered', 100)
    flights.settle(answered)
    const lost: string[] = []
    flights.expire(1_099, ({ probe }) => lost.push(probe))
    expect(lost).toEqual([])
    flights.expire(1_120, ({ probe }) => lost.push(probe))
    flights.expire(5_000, ({ probe }) => lost.push(probe))
    expect(lost).toEqual(['silent'])
    expect(flights.find(silent.number, silent.nonceHigh, silent.nonceLow)?.state).toBe('lost')
    expect(flights.waiting()).toBe(0)
  })

  it('waits the whole timeout for an echo that left later than it was opened', () => {
    const flights = flightsFrom(1)
    flights.noteSent({ ...mustOpen(flights, 'held up', 0), sentMs: 400 })
    const lost: string[] = []
    flights.expire(1_390, ({ probe }) => lost.push(probe))
    expect(lost).toEqual([])
    flights.expire(1_420, ({ probe }) => lost.push(probe))
    expect(lost).toEqual(['held up'])
  })

  it('expires everything after a standstill of an hour', () => {
    const flights = flightsFrom(1)
    for (let i = 0; i < 100; i += 1) mustSend(flights, `p${i}`, i * 10)
    let lost = 0
    flights.expire(3_600_000, () => (lost += 1))
    expect(lost).toBe(100)
  })

  it('still knows an echo 10 s after its timeout, however many followed', () => {
    const flights = flightsFrom(1)
    const early = mustSend(flights, 'early', 0)
    for (let atMs = 1; atMs <= 10_900; atMs += 1) {
      flights.settle(mustSend(flights, 'other', atMs))
      flights.expire(atMs, () => undefined)
    }
    expect(flights.find(early.number, early.nonceHigh, early.nonceLow)?.state).toBe('lost')
  })

  it('refuses a new echo rather than forget one under way when its bound is reached', () => {
    const flights = flightsFrom(1, 1_024)
    for (let i = 0; i < 1_024; i += 1) mustSend(flights, `p${i}`, 0)
    expect(flights.open('one more', 1_000, 1)).toBeUndefined()
    expect(flights.waiting()).toBe(1_024)
    flights.expire(1_020, () => undefined)
    expect(flights.open('afterwards', 1_000, 1_030)?.probe).toBe('afterwards')
  })

  it('does not find an echo that never left, and loses no other one for it', () => {
    const flights = flightsFrom(1)
    mustSend(flights, 'silent', 0)
    const { number, nonceHigh, nonceLow } = mustOpen(flights, 'unsent', 0)
    for (let i = 0; i < 5_000; i += 1) mustOpen(flights, 'unsent', 500)
    expect(flights.find(number, nonceHigh, nonceLow)).toBeUndefined()
    expect(flights.waiting()).toBe(1)
    const lost: string[] = []
    flights.expire(2_000, ({ probe }) => lost.push(probe))
    expect(lost).toEqual(['silent'])
  })

  it('loses none of the silent among the answered when thousands of both expire together', () => {
    const flights = flightsFrom(0xffff_f000)
    const silent = Array.from({ length: 5_000 }, (_, i) => `silent ${i}`)
    for (const [i, probe] of silent.entries()) {
      mustSend(flights, probe, i / 10)
      flights.settle(mustSend(flights, 'answered', i / 10))
    }
    const lost = new Set<string>()
    flights.expire(2_000, ({ probe }) => lost.add(probe))
    expect(lost).toEqual(new Set(silent))
    expect(flights.waiting()).toBe(0)
  })
})
