// How wide buckets are, so that not too many of them reach over a window.

const MINUTE = 60
const HOUR = 60 * MINUTE
/** In seconds; each begins where a clock's hand would. */
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
]
const DAY = 24 * HOUR

/** The narrowest usual bucket, in seconds, of which `most` reach over a range: of long ones whole days. */
export function bucketWidthFor(rangeSeconds: number, most: number): number {
  const usual = WIDTHS.find((width) => rangeSeconds / width <= most)
  return usual ?? Math.ceil(rangeSeconds / most / DAY) * DAY
}
