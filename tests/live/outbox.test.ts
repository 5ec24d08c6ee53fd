import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Connection } from '#lib/live/connection.ts'
import { createOutbox } from '#lib/live/outbox.ts'
import { textOf } from '#lib/live/shared-frame.ts'

// A transport whose reader takes what it was given only when told to.
function createSlowConnection() {
  let buffered = 0
  let drained: (() => void) | undefined
  const written: string[] = []
  const cut = vi.fn()
  const connection: Connection = {
    id: 'slow',
    transport: 'websocket',
    write(frame) {
      written.push(textOf(frame))
      buffered += frame.length
    },
    probe() {},
    bufferedBytes: () => buffered,
    onDrain(callback) {
      drained = callback
    },
    close() {},
    cut,
  }
  return {
    connection,
    cut,
    written,
    take() {
      buffered = 0
      drained?.()
    },
  }
}

const LARGE = 'x'.repeat(300 * 1024)

describe('an outbox', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function open() {
    const slow = createSlowConnection()
    const onCaughtUp = vi.fn()
    const onTooSlow = vi.fn()
    const steadyMs = () => performance.now()
    const outbox = createOutbox({ connection: slow.connection, steadyMs, onCaughtUp, onTooSlow })
    return { ...slow, outbox, onCaughtUp, onTooSlow }
  }

  it('writes while the reader keeps up', () => {
    const { outbox, written } = open()
    expect([outbox.offer('one'), outbox.offer('two')]).toEqual([true, true])
    expect(written).toEqual(['one', 'two'])
  })

  it('refuses frames beyond its bound, and tells once when the reader has caught up', async () => {
    const { outbox, written, take, onCaughtUp } = open()
    expect([LARGE, LARGE, LARGE].map(outbox.offer)).toEqual([true, false, false])
    expect(written).toHaveLength(1)
    take()
    await vi.advanceTimersByTimeAsync(0)
    expect(onCaughtUp).toHaveBeenCalledTimes(1)
    expect(outbox.offer('more')).toBe(true)
  })

  it('lets a frame larger than the bound pass when nothing waits', () => {
    const { outbox } = open()
    expect(outbox.offer(LARGE + LARGE)).toBe(true)
  })

  it('refuses small frames beyond a number, whatever they weigh', () => {
    const { outbox, take } = open()
    const offers = Array.from({ length: 1_500 }, () => outbox.offer('x'))
    expect(offers.filter(Boolean)).toHaveLength(1_000)
    expect(offers.lastIndexOf(true)).toBe(999)
    take()
    expect(outbox.offer('x')).toBe(true)
  })

  it('lets large frames wait for one another, however many wait for one drain', async () => {
    const { outbox, written, take } = open()
    outbox.offer(LARGE)
    const waiting = ['a', 'b', 'c'].map((one) => outbox.inTurn(() => one + LARGE))
    for (const count of [2, 3, 4]) {
      take()
      await vi.advanceTimersByTimeAsync(0)
      expect(written).toHaveLength(count)
    }
    expect(await Promise.all(waiting)).toEqual([true, true, true])
    expect(written.map(([first]) => first)).toEqual(['x', 'a', 'b', 'c'])
  })

  it('asks for a frame only when it is its turn, and may be given none', async () => {
    const { outbox, written, take } = open()
    outbox.offer(LARGE)
    const make = vi.fn(() => undefined)
    const turn = outbox.inTurn(make)
    await vi.advanceTimersByTimeAsync(0)
    expect(make).not.toHaveBeenCalled()
    take()
    expect(await turn).toBe(false)
    expect(written).toHaveLength(1)
  })

  it('says whether all is taken, and where not tells once it is', async () => {
    const { outbox, take, onCaughtUp } = open()
    expect(outbox.keepsUp()).toBe(true)
    outbox.offer(LARGE)
    expect([outbox.keepsUp(), outbox.keepsUp()]).toEqual([false, false])
    take()
    await vi.advanceTimersByTimeAsync(0)
    expect(onCaughtUp).toHaveBeenCalledTimes(1)
  })

  it('gives up a reader that takes nothing for a minute', async () => {
    const { outbox, onTooSlow, onCaughtUp } = open()
    outbox.offer(LARGE)
    outbox.offer(LARGE)
    await vi.advanceTimersByTimeAsync(59_000)
    expect(onTooSlow).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1_500)
    expect(onTooSlow).toHaveBeenCalledTimes(1)
    expect(onCaughtUp).not.toHaveBeenCalled()
  })

  it('cuts a connection that does not take in time what it has no right to any more', async () => {
    const { outbox, cut } = open()
    outbox.offer(LARGE)
    outbox.recall(400)
    outbox.close()
    await vi.advanceTimersByTimeAsync(399)
    expect(cut).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2)
    expect(cut).toHaveBeenCalledTimes(1)
  })

  it('cuts none that has taken everything, or does so in time', async () => {
    const { outbox, cut, take } = open()
    outbox.recall(0)
    outbox.offer(LARGE)
    outbox.recall(400)
    await vi.advanceTimersByTimeAsync(200)
    take()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(cut).not.toHaveBeenCalled()
  })

  it('lets many wait for one drain', async () => {
    const { outbox, take } = open()
    outbox.offer(LARGE)
    const waiting = [outbox.drained(), outbox.drained()]
    take()
    expect(await Promise.all(waiting)).toEqual([true, true])
  })
})
