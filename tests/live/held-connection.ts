// A connection in a test's hand: its frames, and a reader who takes them or does not.
import type { Connection } from '#lib/live/connection.ts'
import { ServerFrame } from '#lib/live/protocol.ts'
import { textOf } from '#lib/live/shared-frame.ts'

/** Enough to be waited for. */
const MUCH = 64 * 1024

/** Its reader takes everything at once, unless told otherwise; `closed` is the code it ended with. */
export function holdConnection(id = 'live.test!1') {
  const frames: ServerFrame[] = []
  const state = { takes: true, closed: 0, isCut: false, probes: 0 }
  let onDrained = () => {}
  const connection: Connection = {
    id,
    transport: 'websocket',
    write: (frame) => void frames.push(ServerFrame.parse(JSON.parse(textOf(frame)))),
    probe() {
      state.probes += 1
    },
    bufferedBytes: () => (state.takes ? 0 : MUCH),
    onDrain(callback) {
      onDrained = callback
    },
    close(code) {
      state.closed = code
    },
    cut() {
      state.isCut = true
    },
  }
  const drain = () => {
    state.takes = true
    onDrained()
  }
  return { connection, frames, state, drain, types: () => frames.map(({ type }) => type) }
}
