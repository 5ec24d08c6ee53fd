import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eachResult, StripColumns, toStripColumns } from '#lib/samples/strip-columns.ts'

const HOUR_MS = 3_600_000
const results = fc
  .array(fc.tuple(fc.integer({ min: 1, max: HOUR_MS }), fc.integer({ min: -4, max: 2e9 })))
  .map((pairs) => {
    let time = 1_790_000_000_000
    return pairs.map(([distance, us]) => {
      time += distance
      return { at: time, us }
    })
  })

describe('the columns of a strip', () => {
  it('hold every result with its time, whatever the distances', () => {
    fc.assert(
      fc.property(results, (written) => {
        const at = written.map((one) => one.at)
        const columns = toStripColumns({ n: 7, at, v: written.map(({ us }) => us) })
        const read: typeof written = []
        eachResult(StripColumns.parse(columns), (time, us) => void read.push({ at: time, us }))
        expect(read).toEqual(written)
      }),
    )
  })

  it('are short for a probe that keeps its rhythm, also across a hole', () => {
    const at = [...Array(120).keys()].map((i) => 1_790_000_000_000 + i * 1_000 + (i % 3))
    const steady = toStripColumns({ n: 1, at, v: at.map(() => 412) })
    expect(steady.step).toBe(1_000)
    const holed = at.filter((_, i) => i !== 60)
    expect(toStripColumns({ n: 1, at: holed, v: [] }).step).toBe(1_000)
    expect(JSON.stringify(steady).length).toBeLessThan(800)
  })
})
