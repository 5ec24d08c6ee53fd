// The door of the handshakes' thread: Node 20 runs TypeScript once tsx is registered.
import { register } from 'tsx/esm/api'

register()
await import('./thread.ts')
