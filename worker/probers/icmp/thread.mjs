// The door of the engine's thread: Node 20 loads TypeScript in a thread only once tsx is registered.
import { register } from 'tsx/esm/api'

register()
await import('./thread.ts')
