// Prints what echoes cost and how true they are, beside fping and ping.
import { measureAccuracy } from './echo-accuracy.ts'
import { measureCost } from './echo-cost.ts'
import { measureProbeMemory } from './echo-memory.ts'
import { measurePath } from './echo-path.ts'
import { printBench } from './print-bench.ts'
import { measureSilent } from './silent.ts'
import { measureSoak } from './soak.ts'
import { measureWorker } from './worker-cost.ts'

await printBench(
  { command: 'npm run bench:ping', page: 'docs/bench-ping.md' },
  {
    cost: measureCost,
    accuracy: measureAccuracy,
    path: measurePath,
    silent: measureSilent,
    memory: measureProbeMemory,
    worker: measureWorker,
    soak: measureSoak,
  },
)
