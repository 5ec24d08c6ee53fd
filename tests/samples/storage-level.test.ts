import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge, roomWithin, type StorageLevel, worstOf } from '#lib/samples/storage-level.ts'

const LEVELS: StorageLevel[] = ['ok', 'low', 'full']
const rank = (level: StorageLevel) => LEVELS.indexOf(level)
const disk = (bytes: number) => ({ cause: 'disk' as const, bytes, reserveBytes: 100 })

/** The levels through which free bytes lead, one after the other. */
function levelsOf(free: number[]): StorageLevel[] {
  let level: StorageLevel = 'ok'
  return free.map((bytes) => {
    level = judge(level, [disk(bytes)]).level
    return level
  })
}

describe('the room for data', () => {
  it('warns below twice the reserve, and stops storing below the reserve', () => {
    expect(levelsOf([200, 199, 100, 99, 0])).toEqual(['ok', 'low', 'low', 'full', 'full'])
  })

  it('does not come and go at a border', () => {
    expect(levelsOf([99, 101, 124, 125, 201, 224, 225])).toEqual(
      ['full', 'full', 'full', 'low', 'low', 'low', 'ok'], // biome-ignore format: one line of levels
    )
  })

  it('is judged by the scarcest, which is named', () => {
    const limit = roomWithin(1_000, 1_001)
    expect(judge('ok', [disk(150)])).toEqual({ level: 'low', cause: 'disk' })
    expect(judge('ok', [disk(150), limit])).toEqual({ level: 'full', cause: 'limit' })
    expect(judge('ok', [disk(99), roomWithin(1_000, 950)])).toEqual({
      level: 'full',
      cause: 'disk',
    })
  })

  it('is enough where nothing is known of it', () => {
    for (const level of LEVELS) expect(judge(level, [])).toEqual({ level: 'ok', cause: null })
  })

  it('is used up by a database as large as its limit, and little from nine tenths on', () => {
    const levelAt = (bytes: number) => judge('ok', [roomWithin(1_000, bytes)]).level
    expect([900, 901, 1_000, 1_001].map(levelAt)).toEqual(['ok', 'low', 'low', 'full'])
  })

  it('is never judged better for having less of it', () => {
    const bytes = fc.integer({ min: 0, max: 400 })
    fc.assert(
      fc.property(fc.constantFrom(...LEVELS), bytes, bytes, (before, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((free) =>
          rank(judge(before, [disk(free)]).level),
        )
        expect(less).toBeGreaterThanOrEqual(more ?? 0)
      }),
    )
  })

  it('stands as the worst that any worker sees, since the first of them saw it', () => {
    const state = (level: StorageLevel, since: string) => ({ level, cause: 'disk' as const, since })
    const states = [state('low', '1'), state('full', '3'), state('full', '2'), state('ok', '0')]
    expect(worstOf(states)).toEqual(state('full', '2'))
    expect(worstOf([state('ok', '1')])).toEqual({ level: 'ok', cause: null, since: null })
  })
})
