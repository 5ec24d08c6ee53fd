import { describe, expect, it } from 'vitest'
import { createCapacityRule } from '#lib/channels/capacity.ts'

describe('the capacity of a mailbox', () => {
  it('is that of the first pattern that fits the whole name, else 100', () => {
    const capacityOf = createCapacityRule({ 'room.*': 400, 'echo.?.x': 2, '*.abc!*': 7 })
    const names = ['room.1', 'room.abc!1', 'tab.abc!1', 'echo.?.x', 'echo.1.x', 'my.room.1', 'x']
    expect(names.map(capacityOf)).toEqual([400, 400, 7, 2, 100, 100, 100])
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is never %d', (capacity) => {
    expect(() => createCapacityRule({ 'room.*': capacity })).toThrow(RangeError)
  })
})
