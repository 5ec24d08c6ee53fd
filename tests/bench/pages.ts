// Prints whether pages stay fast while live connections are open.
import { printBench } from './print-bench.ts'
import { measureSockets } from './sockets.ts'
import { measureTabs } from './tabs.ts'

await printBench(
  { command: 'npm run bench:pages', page: 'docs/benchmarks.md' },
  { sockets: measureSockets, tabs: measureTabs },
)
