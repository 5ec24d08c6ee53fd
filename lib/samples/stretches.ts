// Cuts the times of runs into whole slots, told by summaries, and edges, by samples.

/** A time in which a target ran with one probe, in ms since 1970: [fromMs, toMs). */
export type RunTime = {
  n: number
  probeId: number
  intervalMs: number
  fromMs: number
  toMs: number
  /** What has no result until then was not measured. */
  settledMs: number
}

/** As much of it as is still known; [slotsFromMs, slotsToMs) are whole slots. */
export type Stretch = RunTime & { slotsFromMs: number; slotsToMs: number }

/**
 * Undefined where nothing of it is known any more. Before `rawSinceMs` there are no samples: a slot
 * that a run filled in part may hold what was measured for others, so it is left out.
 */
export function stretchOf(
  run: RunTime,
  { slotMs, rawSinceMs }: { slotMs: number; rawSinceMs: number },
): Stretch | undefined {
  const first = Math.ceil(run.fromMs / slotMs) * slotMs
  const last = Math.floor(run.toMs / slotMs) * slotMs
  if (first > last) {
    const isKnown = run.fromMs >= rawSinceMs
    return isKnown ? { ...run, slotsFromMs: run.fromMs, slotsToMs: run.fromMs } : undefined
  }
  const fromMs = run.fromMs >= rawSinceMs ? run.fromMs : first
  const toMs = last >= rawSinceMs ? run.toMs : last
  if (fromMs >= toMs) return undefined
  return { ...run, fromMs, toMs, slotsFromMs: first, slotsToMs: last }
}
