// Writes numbers as inclusive ranges: 1,000 new targets are one pair, not 1,000 numbers.

/** Ascending, disjoint, as few as possible; a number that comes twice counts once. */
export function rangesOf(numbers: number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && number <= last[1] + 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}
