// Prints what it takes to join a wall of a thousand addresses, part by part or all of it.
import { measureCrowd } from './crowd.ts'
import { measureEchoes } from './echoes.ts'
import { measureJoins } from './joins.ts'
import { printBench } from './print-bench.ts'

await printBench(
  { command: 'npm run bench:join', page: 'docs/benchmarks.md' },
  {
    joins: measureJoins,
    echoes: measureEchoes,
    crowd: measureCrowd,
  },
)
