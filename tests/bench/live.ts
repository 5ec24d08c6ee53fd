// Prints how the live connection and the channel layer do, part by part or all of it.
import { measureDeliveries } from './deliveries.ts'
import { measureIdle } from './idle.ts'
import { measureLayers } from './layers.ts'
import { measureMemory } from './memory.ts'
import { printBench } from './print-bench.ts'

await printBench(
  { command: 'npm run bench:live', page: 'docs/benchmarks.md' },
  {
    deliveries: measureDeliveries,
    memory: measureMemory,
    layers: measureLayers,
    idle: measureIdle,
  },
)
