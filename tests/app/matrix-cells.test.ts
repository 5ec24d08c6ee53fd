import { describe, expect, it } from 'vitest'
import type { Matrix } from '#lib/samples/matrix-contract.ts'
import {
  columnAt,
  darkCounts,
  fateOfCell,
  type MatrixCells,
  stripesOf,
  toCells,
} from '../../app/_charts/matrix-cells.ts'
import { measureDepth } from '../../app/_charts/matrix-depth.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const at = (i: number, seconds = 10) => new Date(START + i * seconds * 1000).toISOString()

/** A letter a cell of ten echoes: `a`nswered, `l`ossy, `d`ark, `u`nmeasured, ` ` not due. */
function page(lines: string[], seconds = 10): Matrix {
  const of = { a: [10, 10, 0, 0], l: [10, 9, 0, 1_000], d: [10, 0, 0, 10_000], u: [0, 0, 10, 0] }
  const told = (letter: string) => of[letter as keyof typeof of] ?? [0, 0, 0, 0]
  const column = (line: string, i: number) => [...line].map((letter) => told(letter)[i] ?? 0)
  return {
    from: at(0, seconds),
    to: at(lines[0]?.length ?? 0, seconds),
    bucket_seconds: seconds,
    at: [...(lines[0] ?? '')].map((_, i) => at(i, seconds)),
    targets: lines.map((line, n) => ({
      id: `target ${n}`,
      n,
      host: `10.0.0.${n}`,
      label: '',
      sent: column(line, 0),
      received: column(line, 1),
      not_measured: column(line, 2),
      outage_ms: column(line, 3),
      p50_us: [...line].map((letter, i) => ('al'.includes(letter) ? 1_000 * 10 ** i : -1)),
    })),
    next_cursor: null,
  }
}

const cellsOf = (lines: string[]) => toCells([page(lines)], 1_000)
const fates = ({ lines, from }: MatrixCells) =>
  lines.map((line) => from.map((_, i) => fateOfCell(line, i)))
const singles = (received: number[], outageMs = 1_000) => {
  const one = page(['a'.repeat(received.length)], 1)
  const [target] = one.targets
  if (!target) throw new Error('There is no target.')
  target.sent = received.map(() => 1)
  target.received = received
  target.outage_ms = received.map((count) => (count === 0 ? outageMs : 0))
  return fates(toCells([one], 1_000))[0]
}

describe('the cells of a matrix', () => {
  it('are answered, lossy, dark, not measured, or empty where nothing was due', () => {
    expect(fates(cellsOf(['aldu ']))).toEqual([
      ['answered', 'lossy', 'dark', 'unmeasured', 'empty'],
    ])
  })

  it('are those of all pages, but for one whose columns are others', () => {
    const pages = [page(['aa']), page(['dd', 'uu']), page(['aaa'])]
    expect(toCells(pages, 1_000)).toMatchObject({ lines: { length: 3 }, isWhole: true })
    const begun = [{ ...page(['aa']), next_cursor: '1:1' }]
    expect(toCells(begun, 1_000).isWhole).toBe(false)
    expect(toCells([], 1_000)).toEqual({ from: [], until: [], lines: [], isWhole: false })
  })

  it('of single echoes are dark only where several in a row are lost', () => {
    expect(singles([1, 0, 1, 0, 0, 1])).not.toContain('dark')
    expect(singles([1, 0, 0, 0, 1])).toEqual(['answered', 'dark', 'dark', 'dark', 'answered'])
  })

  it('are dark for three losses in a row among answers, sent a little late or not', () => {
    const told = (outage: number) => {
      const one = page(['l'])
      for (const target of one.targets) target.outage_ms = [outage]
      return fates(toCells([one], 1_000))[0]
    }
    expect(told(2_990)).toEqual(['dark'])
    expect(told(2_010)).toEqual(['lossy'])
  })

  it('are found by a time, the nearest where it lies outside', () => {
    const cells = cellsOf(['aaa'])
    const places = [-1, 0, 9_999, 10_000, 99_000].map((ms) => columnAt(cells, START + ms))
    expect(places).toEqual([0, 0, 0, 1, 2])
  })
})

describe('an outage of many', () => {
  it('is one stripe over neighbouring columns, told by its worst', () => {
    const cells = cellsOf(['addda', 'adddu', 'aaddu', 'aaaaa'])
    const counts = darkCounts(cells)
    expect(counts.map(({ dark, measured }) => [dark, measured])).toEqual([
      ...[
        [0, 4],
        [2, 4],
        [3, 4],
        [3, 4],
      ],
      [0, 2],
    ])
    expect(stripesOf(cells, counts)).toEqual([
      { dark: 3, measured: 4, fromMs: START + 20_000, untilMs: START + 40_000 },
    ])
  })

  it('are two where there was light in between, and none where few of very many are dark', () => {
    const twice = cellsOf(['dad', 'dad', 'dad'])
    expect(stripesOf(twice, darkCounts(twice))).toHaveLength(2)
    const few = cellsOf([...Array(3).fill('d'), ...Array(20).fill('a')])
    expect(stripesOf(few, darkCounts(few))).toEqual([])
  })
})

describe('the depth of a colour', () => {
  it('is that of the round trip among all of them, by its logarithm', () => {
    const cells = cellsOf(['aaau'])
    const depthOf = measureDepth('roundTrip', cells)
    const [line] = cells.lines
    if (!line) throw new Error('There is no line.')
    expect([0, 1, 2, 3].map((i) => depthOf(line, i))).toEqual([0, expect.closeTo(0.5), 1, 0])
    expect(measureDepth('loss', cells)(line, 2)).toBe(0)
    expect(measureDepth('roundTrip', cellsOf(['uu']))(line, 2)).toBe(0)
  })
})
