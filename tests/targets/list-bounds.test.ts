import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseList } from '#lib/targets/list.ts'

// Thousands of lists take a busy machine longer than the ordinary five seconds.
describe('any pasted list', { timeout: 60_000 }, () => {
  it('holds 10,000 addresses and says so when there are more', () => {
    const addresses = (count: number) =>
      Array.from({ length: count }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
    expect(parseList(addresses(10_000))).toMatchObject({ isTooLong: false, skipped: [] })
    expect(parseList(addresses(10_001).join('\n')).isTooLong).toBe(true)
    expect(parseList('10.0.0.0/19 10.1.0.0/19').isTooLong).toBe(true)
    expect(parseList('10.0.0.0/19 '.repeat(50_000)).isTooLong).toBe(true)
  })

  it('never throws, and cuts what it gives back', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom(...'0123456789.:/-[]%,; \t\n#"abf１。，', 'tcp://', '::'),
      }),
    )
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 5 }), (texts) => {
        const { targets, skipped } = parseList(texts)
        for (const { host, label } of targets) {
          expect(host.length).toBeLessThanOrEqual(253)
          expect(label.length).toBeLessThanOrEqual(200)
          expect(`${host}${label}`).not.toMatch(/\p{Cc}/u)
        }
        for (const { input, reason } of skipped) {
          expect(input.length).toBeLessThanOrEqual(301)
          expect(reason).not.toBe('')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('finds every address however they are separated', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6())
    const separator = fc.constantFrom('\n', ', ', ';', '\t', '  ', '，', '\r\n', '、', ' | ')
    fc.assert(
      fc.property(fc.array(fc.tuple(address, separator), { maxLength: 30 }), (pieces) => {
        const { targets, skipped } = parseList(pieces.flat().join(''))
        const told = [...targets.map(({ input }) => input), ...skipped.map(({ input }) => input)]
        expect(told.toSorted()).toEqual(pieces.map(([typed]) => typed).toSorted())
      }),
      { numRuns: 1_000 },
    )
  })

  it('means the same when its canonical forms are pasted again', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain())), (pieces) => {
        const once = parseList(pieces).targets.map(({ canonical }) => canonical)
        expect(parseList(once).targets.map(({ canonical }) => canonical)).toEqual(once)
      }),
    )
  })

  it.each([
    ['words', 'a '],
    ['colons', ':'],
    ['quotes', '"'],
    ['dots', '1.'],
    ['comments', ' #'],
    ['labels', '10.0.0.1 a\n'],
    ['dashes', '10.0.0.1 - '],
    ['networks', '10.0.0.0/20\n'],
  ])('takes time in proportion to a megabyte of %s', (_, unit) => {
    const text = unit.repeat(1_000_000 / unit.length)
    const before = process.cpuUsage()
    parseList(text)
    // Of its own: a busy machine takes longer, and a reader that looks back takes minutes.
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(5)
  })
})
