// Who is told what befalls a layer: gaps, drops, and whether it is listening.
import type { Log } from '#lib/log.ts'
import type { ChannelLayer, LayerEvents } from './layer.ts'

type Handlers = { [E in keyof LayerEvents]: Set<LayerEvents[E]> }

export type LayerAnnouncer = {
  on: ChannelLayer['on']
  gap(): void
  drop(channel: string): void
  state(state: { listening: boolean }): void
}

export function createLayerAnnouncer(log: Log): LayerAnnouncer {
  const handlers: Handlers = { gap: new Set(), drop: new Set(), state: new Set() }

  return {
    on(event, handler) {
      handlers[event].add(handler)
      return () => void handlers[event].delete(handler)
    },
    gap: () => tell(handlers.gap, (handler) => handler()),
    drop: (channel) => tell(handlers.drop, (handler) => handler(channel)),
    state: (state) => tell(handlers.state, (handler) => handler(state)),
  }

  // One listener's fault is not the next one's: all are told.
  function tell<H>(listeners: Set<H>, call: (listener: H) => void): void {
    for (const listener of [...listeners]) {
      try {
        call(listener)
      } catch (error) {
        log.error({ err: error }, 'a listener of the channel layer failed')
      }
    }
  }
}
