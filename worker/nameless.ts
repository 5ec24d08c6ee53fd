// Says "no such name" at the due times of probes whose host does not exist; nothing is sent.
import type { Clock } from '#lib/clock.ts'
import type { Probe, ProberOptions } from './prober.ts'
import { createSchedule } from './schedule.ts'

/** Far less than the schedule's standstill. */
const LOOK_MS = 50
const MAX_AT_ONCE = 10_000

export type Nameless = {
  start(probes: Probe[]): void
  stop(probeIds: number[]): void
  close(): void
}

export function createNameless({
  clock,
  onResults,
}: { clock: Clock } & Pick<ProberOptions, 'onResults'>): Nameless {
  const schedule = createSchedule<Probe>()
  const timer = setInterval(tell, LOOK_MS)

  return {
    start(probes) {
      for (const probe of probes) schedule.set(probe, clock.steadyMs())
    },
    stop(probeIds) {
      for (const id of probeIds) schedule.remove(id)
    },
    close: () => clearInterval(timer),
  }

  function tell(): void {
    const nowMs = clock.steadyMs()
    const due = schedule.take(nowMs, MAX_AT_ONCE)
    if (due.length === 0) return
    const outcome = { kind: 'no-such-name' as const }
    onResults(due.map(({ id }) => ({ probeId: id, sentSteadyMs: nowMs, outcome })))
  }
}
