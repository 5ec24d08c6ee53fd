import { describe, expect, it, vi } from 'vitest'
import { gather } from '#lib/live/gather.ts'

describe('gathered questions', () => {
  it('of one turn are asked at once and answered each by its own', async () => {
    const ask = vi.fn(async (numbers: number[]) => numbers.map((n) => n * 2))
    const double = gather(ask)
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6])
    expect(await double(4)).toBe(8)
    expect(ask.mock.calls).toEqual([[[1, 2, 3]], [[4]]])
  })

  it('that come while an answer is awaited do not wait for it', async () => {
    let answer = (_: string[]) => {}
    const slow = new Promise<string[]>((resolve) => {
      answer = resolve
    })
    const ask = vi.fn((questions: string[]) =>
      questions[0] === 'a' ? slow : Promise.resolve(['B']),
    )
    const upper = gather(ask)
    const first = upper('a')
    await new Promise(setImmediate)
    expect(await upper('b')).toBe('B')
    answer(['A'])
    expect(await first).toBe('A')
  })

  it('fail together, and the next ones are asked anew', async () => {
    const ask = vi
      .fn(async (questions: string[]) => questions)
      .mockRejectedValueOnce(new Error('Away.'))
    const echo = gather(ask)
    const failures = await Promise.allSettled([echo('a'), echo('b')])
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await echo('c')).toBe('c')
  })
})
