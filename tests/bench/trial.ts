// A bench tried in small: `npm run bench:<name> -- trial` leaves the docs alone.

export const isTrial = process.argv.includes('trial')

/** A count or a time of a bench, by whether it is tried in small. */
export function sized(whole: number, trial: number): number {
  return isTrial ? trial : whole
}
