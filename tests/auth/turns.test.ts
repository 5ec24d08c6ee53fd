import { describe, expect, it } from 'vitest'
import { createTurns } from '#lib/auth/turns.ts'

const make = () => createTurns({ atOnce: 2, waiting: 3, refusal: () => new Error('crowded') })

describe('turns', () => {
  it('run no more than their number at once, and all in the order of asking', async () => {
    const takeTurn = make()
    let running = 0
    let most = 0
    const order: number[] = []
    const work = (i: number) => async () => {
      most = Math.max(most, ++running)
      order.push(i)
      await new Promise(setImmediate)
      running -= 1
    }
    await Promise.all([0, 1, 2, 3, 4].map((i) => takeTurn(work(i))))
    expect(most).toBe(2)
    expect(order).toEqual([0, 1, 2, 3, 4])
  })

  it('refuse whoever comes when too many wait, and nobody once there is room', async () => {
    const takeTurn = make()
    const slow = () => takeTurn(() => new Promise(setImmediate))
    const taken = Promise.all([slow(), slow(), slow(), slow(), slow()])
    await expect(slow()).rejects.toThrow('crowded')
    await taken
    await slow()
  })

  it('are given on by a work that fails', async () => {
    const takeTurn = make()
    for (let i = 0; i < 5; i++) {
      await expect(takeTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    }
    expect(await takeTurn(async () => 'done')).toBe('done')
  })
})
