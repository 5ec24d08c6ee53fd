import { describe, expect, it } from 'vitest'
import { NO_FIGURES } from '#lib/samples/figures.ts'
import {
  nextOrder,
  readOrder,
  sortRates,
  WORST_FIRST,
  writeOrder,
} from '../../app/_group/rate-order.ts'

const rows = [
  { ...NO_FIGURES, id: 'a', host: '10.0.0.10', success_rate: 0.9, p95_ms: 12 },
  { ...NO_FIGURES, id: 'b', host: '10.0.0.9', success_rate: null, p95_ms: null },
  { ...NO_FIGURES, id: 'c', host: '10.0.0.2', success_rate: 0.2, p95_ms: 400 },
  { ...NO_FIGURES, id: 'd', host: '10.0.0.1', success_rate: 0.9, p95_ms: 12 },
]
const idsBy = (order: Parameters<typeof sortRates>[1]) =>
  sortRates(rows, order)
    .map(({ id }) => id)
    .join('')

describe('the order of success rates', () => {
  it('begins with the worst, keeps equals as they stood, and ends with what was not measured', () => {
    expect(idsBy(WORST_FIRST)).toBe('cadb')
    expect(idsBy({ column: 'success_rate', isDescending: true })).toBe('adcb')
    expect(idsBy({ column: 'p95_ms', isDescending: true })).toBe('cadb')
  })

  it('reads addresses as people do', () => {
    expect(idsBy({ column: 'host', isDescending: false })).toBe('dcba')
  })

  it('of a newly chosen column shows the worst first, and turns the second time', () => {
    const latency = nextOrder(WORST_FIRST, 'p95_ms')
    expect(latency).toEqual({ column: 'p95_ms', isDescending: true })
    expect(nextOrder(latency, 'p95_ms')).toEqual({ column: 'p95_ms', isDescending: false })
    expect(nextOrder(latency, 'coverage')).toEqual({ column: 'coverage', isDescending: false })
  })

  it('is brought back by the URL, which says nothing of the usual one', () => {
    const back = (sort: string | null) =>
      readOrder(new URLSearchParams(sort === null ? '' : { sort }))
    for (const order of [
      WORST_FIRST,
      { column: 'p95_ms', isDescending: true } as const,
      { column: 'host', isDescending: false } as const,
    ]) {
      expect(back(writeOrder(order).sort)).toEqual(order)
    }
    expect(writeOrder(WORST_FIRST)).toEqual({ sort: null })
    for (const nonsense of ['', '-', 'constructor', '--sent', 'sent,lost']) {
      expect(back(nonsense)).toEqual(WORST_FIRST)
    }
  })
})
