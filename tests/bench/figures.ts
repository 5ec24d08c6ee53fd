// What many figures come down to: their median, their quantiles, their spread.

/** Not a number when there are no values. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function median(values: number[]): number {
  return quantile(values, 0.5)
}

/** The median, and of several between which it stands: `1.18 (1.11 to 1.26)`. */
export function withSpread(values: number[], digits: number): string {
  const [least, middle, most] = [0, 0.5, 1].map((share) => quantile(values, share).toFixed(digits))
  return values.length > 1 ? `${middle} (${least} to ${most})` : `${middle}`
}

/** One run more of this name; names keep the order in which they came. */
export function collect<K, T>(runs: Map<K, T[]>, name: K, run: T): void {
  runs.set(name, [...(runs.get(name) ?? []), run])
}
