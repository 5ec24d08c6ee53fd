// Moves and zooms a window of time by wheel, touch and keys.
import { moved, type TimeWindow, zoomed } from './time-window.ts'

/** A notch of a mouse's wheel is about 100 pixels, and zooms by a fifth. */
const ZOOM_PER_PIXEL = 0.002
const PIXELS_PER_LINE = 16
const KEY_STEP = 0.25
const KEY_ZOOM = 0.5

export type Gestured = {
  area: HTMLElement
  window: () => TimeWindow
  timeAt: (clientX: number) => number
  nowMs: () => number
  onWindow: (next: TimeWindow) => void
}

/**
 * Listens to the wheel alone. With `scrolls` what scrolls is left alone: only sideways turns, and
 * those with a key held or by two fingers, are taken. Returns its undo.
 */
export function watchWheel(chart: Gestured, { scrolls = false } = {}): () => void {
  const { area, window, timeAt, nowMs, onWindow } = chart
  area.addEventListener('wheel', turn, { passive: false })
  return () => area.removeEventListener('wheel', turn)

  function turn(event: WheelEvent): void {
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
    if (scrolls && !isSideways && !event.ctrlKey) return
    event.preventDefault()
    const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_PER_LINE : 1
    if (isSideways) {
      const pixels = (event.deltaX || event.deltaY) * scale
      onWindow(moved(window(), pixels * msPerPixel(chart), nowMs()))
    } else {
      const factor = Math.exp(event.deltaY * scale * ZOOM_PER_PIXEL)
      onWindow(zoomed(window(), { factor, atMs: timeAt(event.clientX) }, nowMs()))
    }
  }
}

/** Listens on the area of a chart. Returns its undo. */
export function watchGestures(chart: Gestured): () => void {
  const { area, window, timeAt, nowMs, onWindow } = chart
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
    if (other === undefined)
      onWindow(moved(window(), (before - clientX) * msPerPixel(chart), nowMs()))
    else pinch(Math.abs(before - other), Math.abs(clientX - other), (clientX + other) / 2)
  }

  function pinch(before: number, after: number, middleX: number): void {
    if (before === 0 || after === 0) return
    onWindow(zoomed(window(), { factor: before / after, atMs: timeAt(middleX) }, nowMs()))
  }
}

function msPerPixel({ area, window }: Gestured): number {
  return window().spanMs / Math.max(1, area.clientWidth)
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
