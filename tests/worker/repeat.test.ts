import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '#lib/log.ts'
import { repeat } from '../../worker/repeat.ts'

describe('repeated work', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  // Work that ends, or fails, only when told to.
  function begin() {
    const ends: { resolve: () => void; reject: (error: Error) => void }[] = []
    const work = () => new Promise<void>((resolve, reject) => void ends.push({ resolve, reject }))
    return { ends, repetition: repeat({ everyMs: 100, work, log: createLog('silent') }) }
  }

  it('begins at once and goes on at its pace', async () => {
    const { ends, repetition } = begin()
    for (let times = 1; times <= 3; times += 1) {
      expect(ends).toHaveLength(times)
      ends.at(-1)?.resolve()
      await vi.advanceTimersByTimeAsync(100)
    }
    ends.at(-1)?.resolve()
    await repetition.close()
  })

  it('is never done twice at once, however long it takes', async () => {
    const { ends, repetition } = begin()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ends).toHaveLength(1)
    ends[0]?.resolve()
    await vi.advanceTimersByTimeAsync(100)
    expect(ends).toHaveLength(2)
    ends[1]?.resolve()
    await repetition.close()
  })

  it('survives its own failure', async () => {
    const { ends, repetition } = begin()
    ends[0]?.reject(new Error('no'))
    await vi.advanceTimersByTimeAsync(100)
    expect(ends).toHaveLength(2)
    ends[1]?.resolve()
    await repetition.close()
  })

  it('leaves out the first turn after a standstill, in which sockets were not read yet', async () => {
    const { ends, repetition } = begin()
    ends[0]?.resolve()
    const stoodMs = 5_000
    const { now } = performance
    const clock = vi
      .spyOn(performance, 'now')
      .mockImplementation(() => now.call(performance) + stoodMs)
    await vi.advanceTimersByTimeAsync(100)
    expect(ends).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(ends).toHaveLength(2)
    clock.mockRestore()
    ends[1]?.resolve()
    await repetition.close()
  })

  it('lets what is under way end, and begins nothing more, once closed', async () => {
    const { ends, repetition } = begin()
    let isClosed = false
    const closing = repetition.close().then(() => {
      isClosed = true
    })
    await vi.advanceTimersByTimeAsync(1_000)
    expect([isClosed, ends.length]).toEqual([false, 1])
    ends[0]?.resolve()
    await closing
    expect(vi.getTimerCount()).toBe(0)
  })
})
