// The hatch that stands for "not measured" on every canvas.

const hatches = new Map<string, CanvasPattern>()

/** A fill for a 2d context; `side` in device pixels. The plain colour where no pattern can be made. */
export function hatchOf(
  context: CanvasRenderingContext2D,
  colour: string,
  side: number,
): CanvasPattern | string {
  const key = `${colour} ${side}`
  const known = hatches.get(key)
  if (known) return known
  const pattern = context.createPattern(hatchTile(colour, side), 'repeat')
  if (!pattern) return colour
  hatches.set(key, pattern)
  return pattern
}

function hatchTile(colour: string, side: number): HTMLCanvasElement {
  const tile = document.createElement('canvas')
  tile.width = side
  tile.height = side
  const context = tile.getContext('2d')
  if (context) {
    context.strokeStyle = colour
    context.lineWidth = side / 5
    context.beginPath()
    // The corners are drawn too, so that the tiles join without a seam.
    for (const shift of [-side, 0, side]) {
      context.moveTo(shift - 1, side + 1)
      context.lineTo(shift + side + 1, -1)
    }
    context.stroke()
  }
  return tile
}
