import { describe, expect, it } from 'vitest'
import {
  type Cell,
  cellAfterKey,
  cellOf,
  pointedOf,
  windowAround,
} from '../../app/_charts/matrix-cell.ts'
import type { MatrixCells } from '../../app/_charts/matrix-cells.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000
const columns = { sent: [], received: [], not_measured: [], outage_ms: [], p50_us: [], isDark: [] }
const cells: MatrixCells = {
  from: [0, 1, 2].map((i) => NOW - (5 - i) * MINUTE),
  until: [1, 2, 3].map((i) => NOW - (5 - i) * MINUTE),
  isWhole: true,
  lines: ['a', 'b'].map((id, n) => ({ id, n, host: id, label: '', ...columns })),
}
const size = { rows: 20, columns: 3, page: 10 }
const moved = (key: string, cell: Cell | undefined) => cellAfterKey(key, cell, size)

describe('the cell that is looked at', () => {
  it('stays with its target and its time, wherever these are', () => {
    const pointed = pointedOf(cells, { row: 1, column: 2 })
    expect(pointed.id).toBe('b')
    expect(cellOf(cells, pointed)).toEqual({ row: 1, column: 2 })
    const turned = { ...cells, lines: cells.lines.toReversed() }
    expect(cellOf(turned, pointed)).toEqual({ row: 0, column: 2 })
    expect(cellOf({ ...cells, lines: [] }, pointed)).toBeUndefined()
  })

  it('is walked by keys to the edges and no further', () => {
    expect(moved('ArrowUp', undefined)).toEqual({ row: 0, column: 2 })
    expect(moved('ArrowDown', { row: 3, column: 1 })).toEqual({ row: 4, column: 1 })
    expect(moved('ArrowUp', { row: 0, column: 1 })).toEqual({ row: 0, column: 1 })
    expect(moved('ArrowLeft', { row: 0, column: 0 })).toEqual({ row: 0, column: 0 })
    expect(moved('ArrowRight', { row: 0, column: 1 })).toEqual({ row: 0, column: 2 })
    expect(moved('PageDown', { row: 15, column: 1 })).toEqual({ row: 19, column: 1 })
    expect(moved('PageUp', { row: 15, column: 1 })).toEqual({ row: 5, column: 1 })
  })

  it('is not moved by other keys, nor where there is none', () => {
    expect(moved('x', { row: 0, column: 0 })).toBeUndefined()
    expect(moved('constructor', { row: 0, column: 0 })).toBeUndefined()
    expect(cellAfterKey('ArrowUp', undefined, { rows: 0, columns: 3, page: 1 })).toBeUndefined()
  })

  it('is opened with a column of time on either side', () => {
    const [first = 0] = cells.from
    expect(windowAround(cells, first + MINUTE + 1, NOW)).toEqual({
      spanMs: 3 * MINUTE,
      toMs: first + 3 * MINUTE,
    })
  })
})
