// Counts results that could not be stored, and tells operators now and then.
import { Counter } from 'prom-client'
import type { Clock } from '#lib/clock.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'

/** Four times a second, for as long as a disk is full, would help to fill it. */
const TELL_MS = 10_000

const forgone = new Counter({
  name: 'echowall_samples_forgone_total',
  help: 'Results not stored: too old, too many, or of a shard that was not held.',
  registers: [registry],
})

export type Forgone = {
  add(results: number): void
  /** Tells what is not told yet. */
  close(): void
}

export function createForgone({ clock, log }: { clock: Clock; log: Log }): Forgone {
  let untold = 0
  let toldMs = Number.NEGATIVE_INFINITY

  return {
    add(results) {
      if (results === 0) return
      forgone.inc(results)
      untold += results
      if (clock.steadyMs() - toldMs >= TELL_MS) tell()
    },
    close: tell,
  }

  function tell(): void {
    if (untold === 0) return
    log.warn({ results: untold }, 'results were forgone: not measured')
    untold = 0
    toldMs = clock.steadyMs()
  }
}
