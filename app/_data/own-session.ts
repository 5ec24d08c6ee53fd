// Keeps a page to its own session: a road that carries somebody else's is not heard.
import type { OpenTransport } from './live-transport.ts'

/** `onOther` is called once for a road: meanwhile somebody else has signed in in this browser. */
export function ofSession(
  session: string,
  open: OpenTransport,
  onOther: () => void,
): OpenTransport {
  return function openOwn(events) {
    let isOther = false
    return open({
      ...events,
      onFrame(text) {
        if (isOther) return
        isOther = (sessionOf(text) ?? session) !== session
        if (isOther) onOther()
        else events.onFrame(text)
      },
    })
  }
}

function sessionOf(text: string): string | undefined {
  return /^\{"type":"welcome",.*"session":"([^"]+)"/.exec(text)?.[1]
}
