// How high a card is: known from its rows alone, so that no number moves anything.

export const DENSITIES = { dense: 22, regular: 28, airy: 36 } as const
export type Density = keyof typeof DENSITIES
export const DENSITY_COOKIE = 'density'

/** More rows than these scroll inside the card. */
const MOST_ROWS = 18
export const HEADLINE_PX = 92
const FOOT_PX = 9

/** Cards lie on a fine grid, each as many lines of it high as it needs. */
export const GRID_LINE_PX = 4
const GAP_PX = 12

export function listHeight(rows: number, density: Density): number {
  return Math.min(MOST_ROWS, Math.max(1, rows)) * DENSITIES[density]
}

/** Grid lines a card takes, with the gap below it. */
export function cardLines(rows: number, density: Density): number {
  return Math.ceil((HEADLINE_PX + listHeight(rows, density) + FOOT_PX + GAP_PX) / GRID_LINE_PX)
}

export function toDensity(word: string | undefined): Density {
  return word === 'dense' || word === 'airy' ? word : 'regular'
}
