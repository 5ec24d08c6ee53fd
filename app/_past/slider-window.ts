// The span of time that the slider reaches over: it stays where it is while it can.

export const SPANS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const
export type Span = keyof typeof SPANS

export type SliderWindow = { span: Span; fromMs: number; toMs: number }

type Wanted = {
  span: Span
  atMs: number
  presentMs: number
  /** Nothing earlier can be shown. */
  keptFromMs: number
}

/** In so many steps the end of a window that ends now moves on. */
const STEPS = 60

/** The window held before, unless the moment has left it or another span is wanted. */
export function windowAround(held: SliderWindow | undefined, wanted: Wanted): SliderWindow {
  const { span, atMs, presentMs, keptFromMs } = wanted
  const isIn = held && atMs >= held.fromMs && atMs <= held.toMs
  if (isIn && held.span === span && held.fromMs >= keptFromMs) return held
  const spanMs = SPANS[span]
  const stepMs = spanMs / STEPS
  const latestMs = Math.ceil(presentMs / stepMs) * stepMs
  const middleMs = Math.ceil((atMs + spanMs / 2) / stepMs) * stepMs
  const toMs = Math.min(latestMs, middleMs)
  return { span, fromMs: Math.max(keptFromMs, toMs - spanMs), toMs }
}

export type Tick = { ms: number; place: number }

const TICKS_MS: Record<Span, number> = { hour: 600_000, day: 4 * 3_600_000, week: 86_400_000 }

/** Round times of the reader's own clock, and where they stand: from 0 to 1. */
export function ticksOf({ span, fromMs, toMs }: SliderWindow): { stepMs: number; ticks: Tick[] } {
  const stepMs = TICKS_MS[span]
  const zoneMs = new Date(fromMs).getTimezoneOffset() * 60_000
  const firstMs = Math.ceil((fromMs - zoneMs) / stepMs) * stepMs + zoneMs
  const count = Math.max(0, Math.floor((toMs - firstMs) / stepMs) + 1)
  const ticks = Array.from({ length: count }, (_, i) => firstMs + i * stepMs)
  return { stepMs, ticks: ticks.map((ms) => ({ ms, place: (ms - fromMs) / (toMs - fromMs) })) }
}

export type Mark = { start: number; end: number }

/** A slider is not wider; marks that share a place are one. */
const PLACES = 500

/** Where outages lie in the window: from 0 to 1, none twice. */
export function marksOf(
  outages: readonly { started_at: string; ended_at: string | null }[],
  { fromMs, toMs }: Pick<SliderWindow, 'fromMs' | 'toMs'>,
): Mark[] {
  const placeOf = (ms: number) =>
    Math.round(Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs))) * PLACES)
  const places = outages
    .map(({ started_at, ended_at }) => ({
      start: placeOf(Date.parse(started_at)),
      end: placeOf(ended_at === null ? toMs : Date.parse(ended_at)),
    }))
    .sort((a, b) => a.start - b.start)
  const marks: Mark[] = []
  for (const { start, end } of places) {
    const last = marks.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else marks.push({ start, end })
  }
  return marks.map(({ start, end }) => ({ start: start / PLACES, end: end / PLACES }))
}
