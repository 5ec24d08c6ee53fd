// Prints what history takes and costs, beside plain rows and round-robin files.
import { measureStoring } from './history-cost.ts'
import { measureQueries } from './history-queries.ts'
import { measureSpace } from './history-space.ts'
import { printBench } from './print-bench.ts'

await printBench(
  { command: 'npm run bench:history', page: 'docs/bench-history.md' },
  { space: measureSpace, storing: measureStoring, queries: measureQueries },
)
