// Prints whether pages stay fast while live connections are open.
import { printBench } from './print-bench.ts'
import { measureSockets } from './sockets.ts'
import { measureTabs } from './tabs.ts'

await printBench('npm run bench:pages', { sockets: measureSockets, tabs: measureTabs })
