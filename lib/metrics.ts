// One registry of metrics per process; each is declared beside the code that moves it.
import { collectDefaultMetrics, Registry } from 'prom-client'

export const registry = new Registry()

/** Adds the process's own figures (CPU, memory, event loop) to the registry; once per process. */
export function collectProcessMetrics(): void {
  collectDefaultMetrics({ register: registry, prefix: 'echowall_' })
}
