// What the pointer does on a matrix: points at a cell, opens it, or draws a window.

/** A place of the area in CSS pixels: from its left edge, and from the top of the rows. */
export type AreaPoint = { x: number; y: number }

export type MatrixArea = {
  area: HTMLElement
  onPoint: (point: AreaPoint | undefined) => void
  /** A click. */
  onOpen: (point: AreaPoint) => void
  /** While something is drawn, and undefined once it is not. */
  onDraw: (drawn: { left: number; width: number } | undefined) => void
  /** It was drawn, from here to there. */
  onSelect: (fromX: number, toX: number) => void
}

/** A click is no drag. */
const SHORTEST_DRAG = 4

/** Listens on the area. Returns its undo. */
export function watchMatrixArea({ area, onPoint, onOpen, onDraw, onSelect }: MatrixArea) {
  const undone = new AbortController()
  const { signal } = undone
  let from: AreaPoint | undefined
  let isDrawing = false

  area.addEventListener('pointerdown', press, { signal })
  area.addEventListener('pointermove', move, { signal })
  area.addEventListener('pointerup', release, { signal })
  area.addEventListener('pointercancel', forget, { signal })
  area.addEventListener('pointerleave', () => onPoint(undefined), { signal })
  // The page still scrolls up and down by a finger.
  area.style.touchAction = 'pan-y'
  return () => undone.abort()

  function press(event: PointerEvent): void {
    if (event.button !== 0) return
    from = pointOf(event)
    isDrawing = false
  }

  function move(event: PointerEvent): void {
    const point = pointOf(event)
    onPoint(point)
    if (!from) return
    if (!isDrawing && Math.abs(point.x - from.x) < SHORTEST_DRAG) return
    if (!isDrawing) area.setPointerCapture(event.pointerId)
    isDrawing = true
    onDraw({ left: Math.min(from.x, point.x), width: Math.abs(point.x - from.x) })
  }

  function release(event: PointerEvent): void {
    const [began, hasDrawn] = [from, isDrawing]
    forget()
    if (!began) return
    const point = pointOf(event)
    if (hasDrawn) onSelect(began.x, point.x)
    else onOpen(point)
  }

  function forget(): void {
    from = undefined
    isDrawing = false
    onDraw(undefined)
  }

  // The area's box is as high as all rows, so that its top moves as they are scrolled.
  function pointOf({ clientX, clientY }: PointerEvent): AreaPoint {
    const { left, top, width } = area.getBoundingClientRect()
    return { x: Math.min(width, Math.max(0, clientX - left)), y: clientY - top }
  }
}
