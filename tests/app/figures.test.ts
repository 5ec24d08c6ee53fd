import { describe, expect, it } from 'vitest'
import {
  ageOf,
  dataSize,
  durationOf,
  lossPercent,
  roundTrip,
  successPercent,
} from '../../app/_charts/figures.ts'

const written = (us: number) => `${roundTrip(us).value} ${roundTrip(us).unit}`

describe('a round trip', () => {
  it.each([
    [83, '0.083 ms'],
    [999, '0.999 ms'],
    [1_000, '1.00 ms'],
    [9_994, '9.99 ms'],
    [9_996, '10.0 ms'],
    [12_400, '12.4 ms'],
    [99_949, '99.9 ms'],
    [99_951, '100 ms'],
    [999_499, '999 ms'],
    [999_501, '1.00 s'],
    [1_200_000, '1.20 s'],
    [10_000_000, '10.0 s'],
  ])('of %i µs is written %s', (us, text) => {
    expect(written(us)).toBe(text)
  })
})

describe('a share of answers', () => {
  it('is 100 only when none is missing', () => {
    expect(successPercent(120, 120)).toBe('100')
    expect(successPercent(49_999, 50_000)).toBe('99.998')
    expect(successPercent(9_999_999, 10_000_000)).toBe('99.99999'.slice(0, 8))
  })

  it('is rounded down', () => {
    expect(successPercent(119, 120)).toBe('99.1')
    expect(successPercent(2, 3)).toBe('66.6')
    expect(successPercent(0, 3)).toBe('0.0')
  })

  it('is nothing where nothing was sent', () => {
    expect(successPercent(0, 0)).toBe('—')
  })
})

describe('a share of losses', () => {
  it('is 0 only when none was lost and 100 only when all were', () => {
    expect(lossPercent(0, 120)).toBe('0')
    expect(lossPercent(1, 1_000_000)).toBe('0.1')
    expect(lossPercent(999_999, 1_000_000)).toBe('99.9')
    expect(lossPercent(3, 3)).toBe('100')
    expect(lossPercent(0, 0)).toBe('—')
  })
})

describe('an age', () => {
  it.each([
    [0, 0, 'second'],
    [420, 0.4, 'second'],
    [12_900, 12, 'second'],
    [240_000, 4, 'minute'],
    [7_200_000, 2, 'hour'],
    [200_000_000, 2, 'day'],
  ])('of %i ms is %d in its natural unit, %s', (ms, value, unit) => {
    expect(ageOf(ms)).toEqual({ value, unit })
  })
})

describe('a length of time', () => {
  it.each([
    [0, '0 second'],
    [2_500, '2.5 second'],
    [59_999, '59 second'],
    [60_000, '1 minute'],
    [119_999, '1 minute 59 second'],
    [3_600_000, '1 hour'],
    [5_430_000, '1 hour 30 minute'],
    [90_000_000, '1 day 1 hour'],
  ])('of %i ms is told in at most two units: %s', (ms, text) => {
    const told = durationOf(ms).map(({ value, unit }) => `${value} ${unit}`)
    expect(told.join(' ')).toBe(text)
  })
})

describe('a number of bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '0.98 kB'],
    [10_240, '10.0 kB'],
    [1_024 ** 2, '1.00 MB'],
    [999.6 * 1_024 ** 2, '0.98 GB'],
    [77.4 * 1_024 ** 3, '77.4 GB'],
    [252 * 1_024 ** 3, '252 GB'],
  ])('of %d is written %s', (bytes, text) => {
    const { value, unit } = dataSize(bytes)
    expect(`${value} ${unit}`).toBe(text)
  })
})
