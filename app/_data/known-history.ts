// From when on a group's results are all here: for every row, or for one whose strip came.

export type KnownHistory = {
  /**
   * A snapshot was read to its end: all that happened since `fromMs` is here. What was known of the
   * time before holds on where the feed was unbroken up to then (`unbrokenToMs`), else it is void.
   * `isLast`: it brought last results only, the strips are to be asked for.
   */
  begin(claim: { fromMs: number; unbrokenToMs: number | undefined; isLast: boolean }): void
  /** All results of one row since `fromMs` came. */
  load(n: number, fromMs: number): void
  /** A snapshot was read to its end: counts mean something. */
  isTold(): boolean
  /** Undefined before that. */
  fromMs(n: number): number | undefined
  /** Results of this row since `sinceMs` may exist that only come if they are asked for. */
  isLacking(n: number, sinceMs: number): boolean
}

export function createKnownHistory(): KnownHistory {
  const rows = new Map<number, number>()
  let groupFromMs: number | undefined
  let isToBeAskedFor = false

  return {
    begin({ fromMs, unbrokenToMs = Number.NEGATIVE_INFINITY, isLast }) {
      if (groupFromMs !== undefined && fromMs <= unbrokenToMs && !isLast) {
        groupFromMs = Math.min(groupFromMs, fromMs)
        return
      }
      groupFromMs = fromMs
      isToBeAskedFor = isLast
      rows.clear()
    },
    load: (n, fromMs) => void rows.set(n, fromMs),
    isTold: () => groupFromMs !== undefined,
    fromMs(n) {
      if (groupFromMs === undefined) return undefined
      return Math.min(groupFromMs, rows.get(n) ?? groupFromMs)
    },
    isLacking: (n, sinceMs) =>
      isToBeAskedFor && !rows.has(n) && groupFromMs !== undefined && groupFromMs > sinceMs,
  }
}
