// What /metrics answers: this process's figures, and each worker's under a label of its own.
import { AggregatorRegistry } from 'prom-client'
import { z } from 'zod'
import { withinMs } from '#lib/channels/within.ts'
import { readWorkerFigures } from '#lib/db/worker-figures.ts'
import { registry } from '#lib/metrics.ts'
import type { House } from './house.ts'

/** A frozen PostgreSQL must not take this process's own figures with it. */
const WORKERS_LIMIT_MS = 2_000

// A worker of another release may tell them in another way: it is then left out, and nothing else.
const Figures = z.array(
  z.object({
    name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
    help: z.string(),
    type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
    values: z.array(
      z.object({
        // In JSON what is no number has become null.
        value: z.number().catch(Number.NaN),
        metricName: z.string().optional(),
        labels: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  }),
)
type Figures = z.infer<typeof Figures>

/** In Prometheus's text format; what a worker tells carries the label `worker`. */
export async function renderMetrics(here: Pick<House, 'db' | 'log'>): Promise<string> {
  const [own, workers] = await Promise.all([registry.getMetricsAsJSON(), figuresOfWorkers(here)])
  const all = [own, ...workers].map((figures) => figures.map(asItIs))
  return await AggregatorRegistry.aggregate(all).metrics()
}

// Nothing is to be summed or left out: labels tell all of them apart.
function asItIs<Metric extends object>(metric: Metric): Metric & { aggregator: 'first' } {
  return { ...metric, aggregator: 'first' }
}

async function figuresOfWorkers({ db, log }: Pick<House, 'db' | 'log'>): Promise<Figures[]> {
  try {
    const rows = await withinMs(WORKERS_LIMIT_MS, readWorkerFigures(db))
    return rows.flatMap(({ worker, figures }) => labelled(worker, Figures.safeParse(figures).data))
  } catch (error) {
    log.debug({ err: error }, 'the figures of the workers could not be read')
    return []
  }
}

function labelled(worker: string, figures: Figures = []): Figures[] {
  const relabel = ({ values, ...metric }: Figures[number]) => ({
    ...metric,
    values: values.map((one) => ({ ...one, labels: { worker, ...one.labels } })),
  })
  return [figures.map(relabel)]
}
