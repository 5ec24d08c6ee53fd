// The open connections as metrics tell of them: counted whenever somebody asks.
import { Gauge } from 'prom-client'
import { registry } from '#lib/metrics.ts'
import type { Connection } from './connection.ts'

type Counted = Pick<Connection, 'transport' | 'bufferedBytes'>

const open = new Set<Iterable<Counted>>()

tell('echowall_live_readers', 'Open live connections by transport.', (readers, gauge) => {
  for (const transport of ['websocket', 'sse'] as const) gauge.set({ transport }, 0)
  for (const { transport } of readers) gauge.inc({ transport })
})
tell('echowall_live_buffered_bytes', 'Written to readers and not taken yet.', (readers, gauge) => {
  gauge.set(readers.reduce((sum, reader) => sum + reader.bufferedBytes(), 0))
})
tell('echowall_live_buffered_most_bytes', 'The same for the slowest.', (readers, gauge) => {
  gauge.set(readers.reduce((most, reader) => Math.max(most, reader.bufferedBytes()), 0))
})

/** Counts these in, those of now and those to come. Returns its undo. */
export function countReaders(readers: Iterable<Counted>): () => void {
  open.add(readers)
  return () => void open.delete(readers)
}

type TheGauge = Gauge<'transport'>

function tell(
  name: string,
  help: string,
  measure: (readers: Counted[], gauge: TheGauge) => void,
): void {
  const labelNames = ['transport'] as const
  const gauge: TheGauge = new Gauge({ name, help, labelNames, registers: [registry], collect })

  function collect(): void {
    measure(
      [...open].flatMap((some) => [...some]),
      gauge,
    )
  }
}
