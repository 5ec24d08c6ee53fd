// Roads that note in a record what passes on them; without an inspector nobody takes these.
import type { LiveRecord, RecordedKind } from './live-record.ts'
import { type OpenTransport, once, type Transport, type TransportName } from './live-transport.ts'

type Roads = Record<TransportName, OpenTransport>

export function recordRoads(roads: Roads, record: LiveRecord): Roads {
  return {
    websocket: recordRoad('websocket', roads.websocket, record),
    sse: recordRoad('sse', roads.sse, record),
    polling: recordRoad('polling', roads.polling, record),
  }
}

function recordRoad(name: TransportName, open: OpenTransport, record: LiveRecord): OpenTransport {
  const note = (kind: RecordedKind, text: string) => record.add({ transport: name, kind, text })
  return function openRecorded(events) {
    const noteOpen = once(() => note('open', ''))
    const transport = take(() =>
      open({
        onFrame(text) {
          if (!transport.source) noteOpen()
          note('in', text)
          events.onFrame(text)
        },
        onAlive() {
          noteOpen()
          events.onAlive()
        },
        onClose(code) {
          // A WebSocket tells its own end, with the reason.
          if (name !== 'websocket') note('close', code === undefined ? '' : String(code))
          events.onClose(code)
        },
      }),
    )
    const { source, stream } = transport
    source?.addEventListener('open', noteOpen)
    // Before the transport's own handler, which notes the end that follows from it.
    source?.addEventListener('error', () => note('error', ''), { capture: true })
    source?.addEventListener('close', (event) => note('close', closeText(event)))
    const send: Transport['send'] = (frame) => {
      if (!source || source.readyState === source.OPEN) note('out', JSON.stringify(frame))
      transport.send(frame)
    }
    record.enter({ transport: name, source, stream, ask: send })
    return { ...transport, send }
  }

  // A browser without this road, or a policy against it, throws.
  function take(openRoad: () => Transport): Transport {
    try {
      return openRoad()
    } catch (error) {
      note('error', String(error))
      throw error
    }
  }
}

/** `1006 the reason`, as the browser was told it. */
function closeText(event: Event): string {
  return event instanceof CloseEvent ? `${event.code} ${event.reason}`.trim() : ''
}
