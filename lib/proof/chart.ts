// Draws a window on paper: round trips with their spread, losses, holes and outages, as SVG.
import type { Bucket } from '#lib/samples/history-contract.ts'
import type { Shown } from './facts.ts'

const SIZE = { width: 960, height: 340 }
const AREA = { left: 64, top: 12, right: 948, bottom: 300 }
/** Of the height, for a bucket that lost all. */
const TALLEST_LOSS = 0.3
const INK = {
  line: '#0b6e69',
  spread: '#0b6e6933',
  loss: '#c2570c',
  dark: '#b4232333',
  text: '#444',
  grid: '#ddd',
}

export type ChartWords = { title: string; time: (ms: number) => string }

type Scale = { x: (ms: number) => number; y: (ms: number) => number }

/** A whole document, which stands alone or within a page; `time` writes the times of the axis. */
export function drawChart(
  { facts, buckets, bucketSeconds, outages }: Shown,
  words: ChartWords,
): string {
  const [from, to] = [Date.parse(facts.from), Date.parse(facts.to)]
  const most = buckets.reduce((top, { max_ms }) => Math.max(top, max_ms ?? 0), 0)
  const top = most > 0 ? most * 1.08 : 1
  const scale: Scale = {
    x: (ms) =>
      AREA.left +
      ((Math.min(to, Math.max(from, ms)) - from) / (to - from)) * (AREA.right - AREA.left),
    y: (ms) => AREA.bottom - (ms / top) * (AREA.bottom - AREA.top),
  }
  const widthMs = bucketSeconds * 1000
  const dark = outages.map(({ started_at, ended_at }) =>
    column(scale, Date.parse(started_at), ended_at ? Date.parse(ended_at) : to, INK.dark),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escapeXml(words.title)}</title>`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 6 6 0" stroke="#999"/></pattern></defs>',
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#fff"/>`,
    ...heights(scale, top),
    ...times(scale, from, to, words.time),
    ...dark,
    ...buckets.flatMap((bucket) => fate(scale, bucket, endOf(bucket, widthMs))),
    ...runsOf(buckets, widthMs).flatMap((run) => roundTrips(scale, run, widthMs)),
    ...facts.marks.map(({ at, text }) => markLine(scale, Date.parse(at), text)),
    '</svg>\n',
  ].join('\n')
}

/** Text within a document. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

// Buckets begin at multiples of their width; the first is cut by the window.
const endOf = ({ at }: Bucket, widthMs: number) =>
  (Math.floor(Date.parse(at) / widthMs) + 1) * widthMs

function heights({ y }: Scale, top: number): string[] {
  const step = niceStep(top / 4)
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step).map(
    (ms) =>
      `<path d="M${AREA.left} ${n(y(ms))}H${AREA.right}" stroke="${INK.grid}"/>` +
      `<text x="${AREA.left - 6}" y="${n(y(ms) + 4)}" text-anchor="end" fill="${INK.text}">${ms.toFixed(digits)} ms</text>`,
  )
}

function times({ x }: Scale, from: number, to: number, time: (ms: number) => string): string[] {
  const parts = 6
  return Array.from({ length: parts + 1 }, (_, i) => from + (i * (to - from)) / parts).map(
    (ms, i) => {
      const anchor = i === 0 ? 'start' : i === parts ? 'end' : 'middle'
      return (
        `<path d="M${n(x(ms))} ${AREA.bottom}v5" stroke="${INK.text}"/>` +
        `<text x="${n(x(ms))}" y="${AREA.bottom + 20}" text-anchor="${anchor}" fill="${INK.text}">${escapeXml(time(ms))}</text>`
      )
    },
  )
}

function fate(scale: Scale, { at, sent, lost, not_measured }: Bucket, until: number): string[] {
  if (sent === 0 && not_measured > 0) return [column(scale, Date.parse(at), until, 'url(#hatch)')]
  return lost > 0
    ? [column(scale, Date.parse(at), until, INK.loss, TALLEST_LOSS * (lost / sent))]
    : []
}

// Never thinner than a hair: one loss in a month is seen.
function column({ x }: Scale, from: number, until: number, fill: string, share = 1): string {
  const height = Math.max(4, share * (AREA.bottom - AREA.top))
  const width = Math.max(1, x(until) - x(from))
  return `<rect x="${n(x(from))}" y="${n(AREA.bottom - height)}" width="${n(width)}" height="${n(height)}" fill="${fill}"/>`
}

function markLine({ x }: Scale, ms: number, words: string): string {
  const isRight = x(ms) < (AREA.left + AREA.right) / 2
  return (
    `<path d="M${n(x(ms))} ${AREA.top}V${AREA.bottom}" stroke="${INK.text}" stroke-dasharray="3 3"/>` +
    `<text x="${n(x(ms) + (isRight ? 4 : -4))}" y="${AREA.top + 10}" text-anchor="${isRight ? 'start' : 'end'}" fill="${INK.text}">${escapeXml(words)}</text>`
  )
}

/** Buckets one after the other of which each was answered. */
function runsOf(buckets: readonly Bucket[], widthMs: number): Bucket[][] {
  const runs: Bucket[][] = []
  let end = Number.NaN
  for (const bucket of buckets) {
    if (bucket.p50_ms === null) continue
    if (Date.parse(bucket.at) === end) runs.at(-1)?.push(bucket)
    else runs.push([bucket])
    end = endOf(bucket, widthMs)
  }
  return runs
}

function roundTrips({ x, y }: Scale, run: Bucket[], widthMs: number): string[] {
  const steps = (value: (bucket: Bucket) => number | null) =>
    run.map((bucket) => {
      const height = n(y(value(bucket) ?? 0))
      return `${n(x(Date.parse(bucket.at)))} ${height}L${n(x(endOf(bucket, widthMs)))} ${height}`
    })
  const [high, low] = [steps(({ max_ms }) => max_ms), backwards(steps(({ min_ms }) => min_ms))]
  return [
    `<path d="M${[...high, ...low].join('L')}Z" fill="${INK.spread}"/>`,
    `<path d="M${steps(({ p50_ms }) => p50_ms).join('L')}" fill="none" stroke="${INK.line}" stroke-width="1.5"/>`,
  ]
}

const backwards = (steps: string[]) =>
  steps.toReversed().map((step) => step.split('L').reverse().join('L'))

/** The last of 1, 2, 5, 10 and so on that is no more than this. */
function niceStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return ([5, 2].find((factor) => factor * power <= most) ?? 1) * power
}

const n = (value: number) => String(Math.round(value * 10) / 10)
