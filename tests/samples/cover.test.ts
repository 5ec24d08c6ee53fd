import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverOf, knownPart, SLOT_US } from '#lib/samples/cover.ts'

const { minute: MINUTE, hour: HOUR, day: DAY } = SLOT_US
// Times around the slots' borders, and anywhere.
const time = fc
  .tuple(fc.nat(4), fc.nat(24), fc.nat(60), fc.constantFrom(0, 0, 1, 30_000_000))
  .map(([d, h, m, us]) => d * DAY + h * HOUR + m * MINUTE + us)
const asked = fc
  .tuple(time, time)
  .map(([a, b]) => ({ fromUs: Math.min(a, b), toUs: Math.max(a, b) }))
const missing = fc.array(fc.nat(5 * 24), { maxLength: 8 })

describe('a time, cut into pieces', () => {
  it('is told once, in its order, by slots that lie wholly within and are there', () => {
    fc.assert(
      fc.property(asked, missing, missing, missing, (whole, days, hours, minutes) => {
        const summed = {
          hasDay: (us: number) => !days.includes(us / DAY),
          hasHour: (us: number) => !hours.includes(us / HOUR),
          hasMinutes: (us: number) => !minutes.includes(us / HOUR),
        }
        const pieces = coverOf(whole, summed)
        expect(pieces[0]?.fromUs ?? whole.toUs).toBe(whole.fromUs)
        expect(pieces.at(-1)?.toUs ?? whole.fromUs).toBe(whole.toUs)
        for (const [i, { level, fromUs, toUs }] of pieces.entries()) {
          expect(toUs).toBeGreaterThan(fromUs)
          expect(pieces[i + 1]?.fromUs ?? toUs).toBe(toUs)
          expect(pieces[i + 1]?.level).not.toBe(level)
          if (level !== 'sample')
            expect([fromUs % SLOT_US[level], toUs % SLOT_US[level]]).toEqual([0, 0])
          for (let at = fromUs; at < toUs; at += HOUR) {
            if (level === 'day') expect(days).not.toContain(Math.floor(at / DAY))
            if (level === 'hour') expect(hours).not.toContain(at / HOUR)
            if (level === 'minute') expect(minutes).not.toContain(Math.floor(at / HOUR))
          }
        }
      }),
    )
  })

  it('is told by the longest that fit: days within hours within minutes within results', () => {
    const all = { hasDay: () => true, hasHour: () => true, hasMinutes: () => true }
    const from = DAY - HOUR - MINUTE - 1
    const pieces = coverOf({ fromUs: from, toUs: 3 * DAY + 2 * HOUR + MINUTE + 5 }, all)
    expect(pieces.map(({ level, toUs }) => [level, toUs])).toEqual([
      ['sample', DAY - HOUR - MINUTE],
      ['minute', DAY - HOUR],
      ['hour', DAY],
      ['day', 3 * DAY],
      ['hour', 3 * DAY + 2 * HOUR],
      ['minute', 3 * DAY + 2 * HOUR + MINUTE],
      ['sample', 3 * DAY + 2 * HOUR + MINUTE + 5],
    ])
  })
})

describe('what is known of a time', () => {
  it('lies within it: whole minutes before samples are kept, whole hours before minutes are', () => {
    fc.assert(
      fc.property(asked, fc.nat(120), fc.nat(120), (whole, rawHour, minuteHour) => {
        const [rawUs, minutesUs] = [Math.max(rawHour, minuteHour) * HOUR, minuteHour * HOUR]
        const kept = { rawSince: new Date(rawUs / 1000), minutesSince: new Date(minutesUs / 1000) }
        const known = knownPart(whole, kept)
        if (!known) return
        expect(known.fromUs).toBeGreaterThanOrEqual(whole.fromUs)
        expect(known.toUs).toBeLessThanOrEqual(whole.toUs)
        for (const us of [known.fromUs, known.toUs]) {
          if (us < rawUs) expect(us % MINUTE).toBe(0)
          if (us < minutesUs) expect(us % HOUR).toBe(0)
        }
        if (whole.fromUs >= rawUs) expect(known).toEqual(whole)
      }),
    )
  })
})
