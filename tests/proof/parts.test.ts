import { describe, expect, it } from 'vitest'
import { drawChart } from '#lib/proof/chart.ts'
import type { Shown } from '#lib/proof/facts.ts'
import { createLocalTime } from '#lib/proof/local-time.ts'
import { NO_FIGURES } from '#lib/samples/figures.ts'

describe('a local time', () => {
  it.each([
    ['Asia/Shanghai', '2026-01-31T16:00:00.000Z', '2026-02-01T00:00:00.000+08:00'],
    ['UTC', '2026-01-31T16:00:00.125Z', '2026-01-31T16:00:00.125+00:00'],
    ['Asia/Kathmandu', '2026-01-31T18:20:00.000Z', '2026-02-01T00:05:00.000+05:45'],
    ['America/St_Johns', '2026-01-31T16:00:00.000Z', '2026-01-31T12:30:00.000-03:30'],
  ])('in %s of %s is %s', (zone, utc, local) => {
    expect(createLocalTime(zone)(Date.parse(utc))).toBe(local)
  })

  it('knows when clocks were changed, however often it is asked', () => {
    const write = createLocalTime('Europe/Berlin')
    const times = [
      '2026-03-29T00:59:59.999Z',
      '2026-03-29T01:00:00.000Z',
      '2026-10-25T00:59:59.999Z',
    ]
    expect([...times, '2026-10-25T01:00:00.000Z'].map((at) => write(Date.parse(at)))).toEqual([
      '2026-03-29T01:59:59.999+01:00',
      '2026-03-29T03:00:00.000+02:00',
      '2026-10-25T02:59:59.999+02:00',
      '2026-10-25T02:00:00.000+01:00',
    ])
  })
})

describe('the chart of a proof', () => {
  const bucket = (at: string, given: object) => ({
    ...NO_FIGURES,
    at: `2026-01-31T08:0${at}:00.000Z`,
    ...given,
  })
  const answered = { sent: 60, received: 60, min_ms: 1, p50_ms: 2, max_ms: 3 }
  const facts = { from: '2026-01-31T08:00:00.000Z', to: '2026-01-31T08:05:00.000Z', marks: [] }
  const shown = (buckets: object[]) =>
    ({ facts, buckets, bucketSeconds: 60, outages: [], areAllOutages: true }) as unknown as Shown
  const draw = (buckets: object[]) =>
    drawChart(shown(buckets), { title: '<a> & "b"', time: (ms) => new Date(ms).toISOString() })
  const lines = (svg: string) => svg.match(/<path d="M[^"]+" fill="none" stroke="#0b6e69"/g) ?? []

  it('breaks its line where nothing was answered', () => {
    const svg = draw([bucket('0', answered), bucket('1', answered), bucket('3', answered)])
    expect(lines(svg)).toHaveLength(2)
  })

  it('hatches what was not measured, and colours what was lost', () => {
    const svg = draw([bucket('0', { not_measured: 60 }), bucket('1', { ...answered, lost: 6 })])
    expect(svg.match(/fill="url\(#hatch\)"/g)).toHaveLength(1)
    expect(svg.match(/fill="#c2570c"/g)).toHaveLength(1)
  })

  it('is an empty frame where there is nothing, and a document whatever its title', () => {
    const svg = draw([])
    expect(lines(svg)).toEqual([])
    expect(svg).toContain('<title>&#60;a&#62; &#38; &#34;b&#34;</title>')
    expect(svg).not.toContain('NaN')
  })
})
