import { describe, expect, it } from 'vitest'
import type { Bucket, History, MeasuredEcho } from '#lib/samples/history-contract.ts'
import {
  type Fate,
  fateOf,
  type HistoryColumns,
  placeAt,
  toColumns,
} from '../../app/_charts/history-columns.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const SECOND = 1_000

const head = {
  target: { id: '01a20000-0000-7000-8000-000000000000', host: '10.0.0.1', label: '' },
  from: new Date(START).toISOString(),
  to: new Date(START + 60 * SECOND).toISOString(),
  next_cursor: null,
}

/** One echo a second: a number of ms, `x` for a loss, `-` for none. */
function echoes(line: string): History {
  const items = line.split(' ').flatMap((word, i): MeasuredEcho[] => {
    if (word === '-') return []
    const at = new Date(START + i * SECOND).toISOString()
    if (word === 'x') return [{ at, rtt_ms: null, outcome: 'lost' }]
    return [{ at, rtt_ms: Number(word), outcome: 'reply' }]
  })
  return { ...head, resolution: 'raw', bucket_seconds: null, items }
}

function bucket(atMs: number, sent: number, lost: number, not_measured = 0): Bucket {
  const answered = sent > lost
  const ms = (value: number) => (answered ? value : null)
  return {
    at: new Date(atMs).toISOString(),
    sent,
    received: sent - lost,
    lost,
    not_measured,
    success_rate: sent > 0 ? (sent - lost) / sent : null,
    coverage: sent / (sent + not_measured),
    longest_outage_seconds: 0,
    min_ms: ms(1),
    avg_ms: ms(2),
    max_ms: ms(9),
    p50_ms: ms(2),
    p95_ms: ms(5),
    p99_ms: ms(7),
    jitter_ms: ms(1),
  }
}

const fates = (columns: HistoryColumns): Fate[] => columns.x.map((_, i) => fateOf(columns, i))

describe('the columns of single echoes', () => {
  it('hold one place an echo, drawn when it left', () => {
    const columns = toColumns(echoes('1 2.5 3'), SECOND)
    expect(columns.x).toEqual([START, START + SECOND, START + 2 * SECOND])
    expect(columns.p50).toEqual([1, 2.5, 3])
    expect(columns.until[0]).toBe(columns.from[1])
    expect(fates(columns)).toEqual(['answered', 'answered', 'answered'])
  })

  it('call losses dark only where three follow one another, and then from the first', () => {
    expect(fates(toColumns(echoes('1 x x 1 x x x x 1'), SECOND))).toEqual([
      'answered',
      'lossy',
      'lossy',
      'answered',
      'dark',
      'dark',
      'dark',
      'dark',
      'answered',
    ])
  })

  it('hold a place for a time in which nothing was measured, which breaks the line', () => {
    const columns = toColumns(echoes('1 - - - 2 3'), SECOND)
    expect(fates(columns)).toEqual(['answered', 'unmeasured', 'answered', 'answered'])
    expect([columns.from[1], columns.until[1]]).toEqual([START + SECOND, START + 4 * SECOND])
    expect(columns.p50).toEqual([1, null, 2, 3])
  })
})

describe('the place of a time', () => {
  it('is that of the echo or hole it lies in, and none outside of them', () => {
    const columns = toColumns(echoes('1 - - 2'), SECOND)
    const places = [-1, 0, 999, 1_000, 2_999, 3_000, 3_999, 4_000].map((ms) =>
      placeAt(columns, START + ms),
    )
    expect(places).toEqual([undefined, 0, 0, 1, 1, 2, 2, undefined])
  })
})

describe('the columns of buckets', () => {
  const wide = (items: Bucket[]): History => ({
    ...head,
    resolution: 'buckets',
    bucket_seconds: 60,
    items,
  })
  const minute = (i: number) => START + i * 60 * SECOND

  it('are drawn in their middle, with all that their round trips spread over', () => {
    const columns = toColumns(wide([bucket(minute(0), 60, 0)]), SECOND)
    expect(columns.x).toEqual([minute(0) + 30 * SECOND])
    expect([columns.min, columns.p50, columns.p95, columns.p99, columns.max].flat()).toEqual([
      1, 2, 5, 7, 9,
    ])
  })

  it('end where the next one begins, also where a window cuts the first', () => {
    const columns = toColumns(wide([bucket(minute(0) + 45 * SECOND, 15, 0)]), SECOND)
    expect([columns.from[0], columns.until[0]]).toEqual([minute(0) + 45 * SECOND, minute(1)])
  })

  it('tell apart what was answered, lost in part, lost, not measured, and not to be measured', () => {
    const buckets = [
      bucket(minute(0), 60, 0),
      bucket(minute(1), 60, 3),
      bucket(minute(2), 60, 60),
      bucket(minute(3), 0, 0, 60),
      bucket(minute(6), 60, 0, 2),
    ]
    expect(fates(toColumns(wide(buckets), SECOND))).toEqual([
      'answered',
      'lossy',
      'dark',
      'unmeasured',
      'empty',
      'answered',
    ])
  })

  it('leave no hole between echoes that are rarer than buckets', () => {
    const rare = [bucket(minute(0), 1, 0), bucket(minute(5), 1, 0)]
    expect(fates(toColumns(wide(rare), 300 * SECOND))).toEqual(['answered', 'answered'])
  })
})
