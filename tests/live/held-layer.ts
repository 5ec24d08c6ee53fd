// A layer in memory whose hub's ears a test holds: it says itself when nothing is heard.
import type { LayerEvents } from '#lib/channels/layer.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Log } from '#lib/log.ts'

/** `heard` are the latest handlers of the layer's state and gaps. */
export function holdLayer(log: Log) {
  const layer = createMemoryLayer({ log })
  const heard: { state?: LayerEvents['state']; gap?: LayerEvents['gap'] } = {}
  const channels: typeof layer = {
    ...layer,
    on(event, handler) {
      Object.assign(heard, { [event]: handler })
      return layer.on(event, handler)
    },
  }
  return { channels, heard }
}
