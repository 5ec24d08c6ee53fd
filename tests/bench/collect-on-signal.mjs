// Collects all garbage on SIGUSR2: what is resident then is in use. Loaded by `--import`.
import { Session } from 'node:inspector'

const session = new Session()
session.connect()
// As when the system is short of memory: it also gives back what the heap has kept for later.
process.on('SIGUSR2', () => session.post('HeapProfiler.collectGarbage'))
