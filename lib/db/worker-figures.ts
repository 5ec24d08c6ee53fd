// What workers tell of themselves: written by each, read by whoever shows metrics.
import { inArray, notInArray } from 'drizzle-orm'
import type { Db } from './client.ts'
import { listWorkers } from './locks.ts'
import { workerFigures } from './schema.ts'

export type WorkerFigures = {
  /** Names the process to operators: its machine and its process id there. */
  worker: string
  /** As prom-client's `getMetricsAsJSON` tells them. */
  figures: unknown
}

/** Replaces what this worker told before, and forgets workers that are gone. */
export async function storeWorkerFigures(
  db: Db,
  { backend, ...told }: WorkerFigures & { backend: number },
): Promise<void> {
  await db
    .insert(workerFigures)
    .values({ backend, ...told })
    .onConflictDoUpdate({ target: workerFigures.backend, set: told })
  const living = [backend, ...(await listWorkers(db))]
  await db.delete(workerFigures).where(notInArray(workerFigures.backend, living))
}

/** Of the workers that live, in the order of their names. */
export async function readWorkerFigures(db: Db): Promise<WorkerFigures[]> {
  const living = await listWorkers(db)
  const { worker, figures, backend } = workerFigures
  const query = db.select({ worker, figures }).from(workerFigures)
  return await query.where(inArray(backend, living)).orderBy(worker)
}
