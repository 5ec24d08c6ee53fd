// Moves and zooms a window of time by wheel, touch and keys.
import { edgesOf, moved, type TimeWindow, zoomed } from './time-window.ts'

/** A notch of a mouse's wheel is about 100 pixels, and zooms by a fifth. */
const ZOOM_PER_PIXEL = 0.002
const PIXELS_PER_LINE = 16
const KEY_STEP = 0.25
const KEY_ZOOM = 0.5

export type Gestured = {
  area: HTMLElement
  /** As it is drawn; the same object until it is another one. */
  window: () => TimeWindow
  nowMs: () => number
  onWindow: (next: TimeWindow) => void
}

/**
 * Listens to the wheel alone. With `scrolls` what scrolls is left alone: only sideways turns, and
 * those with a key held or by two fingers, are taken. Returns its undo.
 */
export function watchWheel(chart: Gestured, { scrolls = false } = {}): () => void {
  const { area } = chart
  const hand = createHand(chart)
  area.addEventListener('wheel', turn, { passive: false })
  return () => area.removeEventListener('wheel', turn)

  function turn(event: WheelEvent): void {
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
    if (scrolls && !isSideways && !event.ctrlKey) return
    event.preventDefault()
    const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_PER_LINE : 1
    if (isSideways) {
      const pixels = (event.deltaX || event.deltaY) * scale
      hand.move(pixels)
    } else {
      hand.zoom(Math.exp(event.deltaY * scale * ZOOM_PER_PIXEL), event.clientX)
    }
  }
}

/** Listens on the area of a chart. Returns its undo. */
export function watchGestures(chart: Gestured): () => void {
  const { area } = chart
  const hand = createHand(chart)
  const undone = new AbortController()
  const { signal } = undone
  const fingers = new Map<number, number>()
  const unwatchWheel = watchWheel(chart)

  area.addEventListener('pointerdown', touch, { signal })
  area.addEventListener('pointermove', drag, { signal })
  for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const) {
    area.addEventListener(end, ({ pointerId }) => fingers.delete(pointerId), { signal })
  }
  // The page still scrolls up and down by a finger.
  area.style.touchAction = 'pan-y'
  return () => {
    unwatchWheel()
    undone.abort()
  }

  function touch({ pointerType, pointerId, clientX }: PointerEvent): void {
    if (pointerType === 'touch') fingers.set(pointerId, clientX)
  }

  function drag({ pointerId, clientX }: PointerEvent): void {
    const before = fingers.get(pointerId)
    if (before === undefined) return
    const [other] = [...fingers].filter(([id]) => id !== pointerId).map(([, x]) => x)
    fingers.set(pointerId, clientX)
    if (other === undefined) hand.move(before - clientX)
    else pinch(Math.abs(before - other), Math.abs(clientX - other), (clientX + other) / 2)
  }

  function pinch(before: number, after: number, middleX: number): void {
    if (before === 0 || after === 0) return
    hand.zoom(before / after, middleX)
  }
}

// Many events come between two drawings: each goes on from what the one before it asked for.
function createHand({ area, window, nowMs, onWindow }: Gestured) {
  let drawn = window()
  let asked = drawn

  return {
    move(pixels: number): void {
      const from = latest()
      ask(moved(from, (pixels * from.spanMs) / Math.max(1, area.clientWidth), nowMs()))
    },
    zoom(factor: number, clientX: number): void {
      const from = latest()
      const { left, width } = area.getBoundingClientRect()
      const share = (clientX - left) / Math.max(1, width)
      const atMs = edgesOf(from, nowMs()).fromMs + share * from.spanMs
      ask(zoomed(from, { factor, atMs }, nowMs()))
    },
  }

  function latest(): TimeWindow {
    const now = window()
    if (now !== drawn) asked = now
    drawn = now
    return asked
  }

  function ask(next: TimeWindow): void {
    asked = next
    onWindow(next)
  }
}

/** The window after this key; undefined where the key means nothing. */
export function windowAfterKey(
  key: string,
  window: TimeWindow,
  nowMs: number,
): TimeWindow | undefined {
  const atMs = (window.toMs ?? nowMs) - (window.toMs === undefined ? 0 : window.spanMs / 2)
  if (key === 'ArrowLeft') return moved(window, -KEY_STEP * window.spanMs, nowMs)
  if (key === 'ArrowRight') return moved(window, KEY_STEP * window.spanMs, nowMs)
  if (key === '+' || key === '=') return zoomed(window, { factor: KEY_ZOOM, atMs }, nowMs)
  if (key === '-') return zoomed(window, { factor: 1 / KEY_ZOOM, atMs }, nowMs)
  if (key === 'End') return { spanMs: window.spanMs }
  return undefined
}
