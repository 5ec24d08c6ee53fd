// The window of time that a chart shows: zoomed, moved, chosen, and as it stands in a URL.

/** Without `toMs` its right edge is now, and moves on. Times in ms since 1970. */
export type TimeWindow = { spanMs: number; toMs?: number }

/** What every part of a page gets that shows a window of time. */
export type Windowed = {
  window: TimeWindow
  /** The server's time; it rests while the feed is stale. */
  nowMs: number
  onWindow(next: TimeWindow): void
}

export type Edges = { fromMs: number; toMs: number }

export const SHORTEST_MS = 10_000
export const LONGEST_MS = 3 * 365 * 86_400_000
export const FIRST_WINDOW: TimeWindow = { spanMs: 3_600_000 }

/** So near to now, in parts of the span, the right edge takes hold of it. */
const HOLD = 0.005

export function edgesOf({ spanMs, toMs }: TimeWindow, nowMs: number): Edges {
  const to = toMs ?? nowMs
  return { fromMs: to - spanMs, toMs: to }
}

/** The window between two times in any order; never shorter or longer than a chart can be, nor to come. */
export function windowBetween(aMs: number, bMs: number, nowMs: number): TimeWindow {
  const spanMs = within(Math.abs(bMs - aMs), SHORTEST_MS, LONGEST_MS)
  const toMs = (aMs + bMs + spanMs) / 2
  return toMs >= nowMs - spanMs * HOLD ? { spanMs } : { spanMs, toMs: Math.max(toMs, spanMs) }
}

/** `factor` times as long; what stands at `atMs` stays where it is. */
export function zoomed(window: TimeWindow, zoom: { factor: number; atMs: number }, nowMs: number) {
  const { fromMs, toMs } = edgesOf(window, nowMs)
  const spanMs = within(window.spanMs * zoom.factor, SHORTEST_MS, LONGEST_MS)
  const from = zoom.atMs - ((zoom.atMs - fromMs) / (toMs - fromMs)) * spanMs
  return windowBetween(from, from + spanMs, nowMs)
}

/** Later by so much, earlier where it is negative. */
export function moved(window: TimeWindow, byMs: number, nowMs: number): TimeWindow {
  const { fromMs, toMs } = edgesOf(window, nowMs)
  return windowBetween(fromMs + byMs, toMs + byMs, nowMs)
}

/** What `writeWindow` wrote; the first window where the URL holds none, or nonsense. */
export function readWindow(parameters: Pick<URLSearchParams, 'get'>, nowMs: number): TimeWindow {
  const spanMs = Number(parameters.get('range')) * 1000
  const [fromMs, toMs] = [timeOf(parameters.get('from')), timeOf(parameters.get('to'))]
  if (fromMs < toMs) return windowBetween(fromMs, toMs, nowMs)
  if (spanMs > 0) return { spanMs: within(spanMs, SHORTEST_MS, LONGEST_MS) }
  return FIRST_WINDOW
}

/** The parameters of the URL that bring the window back; null where there is none. */
export function writeWindow({ spanMs, toMs }: TimeWindow) {
  if (toMs === undefined) return { range: String(Math.round(spanMs / 1000)), from: null, to: null }
  const iso = (ms: number) => new Date(Math.round(ms)).toISOString()
  return { range: null, from: iso(toMs - spanMs), to: iso(toMs) }
}

/** Another page of the same window. */
export function withWindow(path: string, window: TimeWindow): string {
  const set = Object.entries(writeWindow(window)).filter((one): one is [string, string] => !!one[1])
  return `${path}?${new URLSearchParams(set)}`
}

function timeOf(text: string | null): number {
  return text === null ? Number.NaN : Date.parse(text)
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
