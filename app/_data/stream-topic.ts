// One topic of a shared stream: which tab may have which frame, so that none gets a hole.

/** What routing reads of a server's frame. */
export type Envelope = {
  type: string
  topic?: string | undefined
  now?: string | undefined
  cursor?: string | undefined
  /** The cursor from which a snapshot goes on; none: from the beginning. */
  since?: string | undefined
  more?: boolean | undefined
  /** Only a snapshot's first frame has it. */
  group?: unknown
}

export type StreamTopic = {
  /** The port asks from its own cursor, also when it has asked before. */
  follow(port: string, since: string | undefined): void
  /** True when nobody follows any more. */
  leave(port: string): boolean
  ports(): string[]
  /** Notes how far the frame brings whom. Returns the ports that may have it. */
  route(frame: Envelope): string[]
}

type Follower = {
  /** Everything up to here is on its way to the port, or was there when it came. */
  cursor: string
  /** Waits for a snapshot, is within one, or gets every event. */
  phase: 'waiting' | 'replaying' | 'live'
}

/** Before every cursor: their order is the order of their text. */
const BEGINNING = ''

/**
 * The server has one follower for all ports: each `follow` replaces it and begins a snapshot anew.
 * So `ask` is given the oldest cursor among all ports, and a snapshot goes to those that it reaches
 * back to, from its first frame on. The server also sends snapshots unasked, from its own cursor.
 */
export function createStreamTopic(ask: (since: string | undefined) => void): StreamTopic {
  const followers = new Map<string, Follower>()
  /** From where the server was asked and has not begun to answer. */
  let asked: string | undefined

  return {
    follow(port, since = BEGINNING) {
      followers.set(port, { cursor: since, phase: 'waiting' })
      askOldest()
    },
    leave(port) {
      followers.delete(port)
      return followers.size === 0
    },
    ports: () => [...followers.keys()],
    route(frame) {
      if (frame.type === 'snapshot' && frame.group !== undefined) return begin(frame)
      if (frame.type === 'snapshot') {
        const served = inPhase('replaying')
        if (!frame.more) arrive(served, frame.cursor)
        return served
      }
      if (frame.type === 'event') arrive(inPhase('live'), frame.cursor)
      return [...inPhase('live'), ...inPhase('replaying')]
    },
  }

  function begin({ since = BEGINNING, cursor, more }: Envelope): string[] {
    if (asked !== undefined && since <= asked) asked = undefined
    for (const follower of followers.values()) {
      follower.phase = since <= follower.cursor ? 'replaying' : 'waiting'
    }
    const served = inPhase('replaying')
    if (!more) arrive(served, cursor)
    if (served.length < followers.size) askOldest()
    return served
  }

  function inPhase(wanted: Follower['phase']): string[] {
    return [...followers].filter(([, { phase }]) => phase === wanted).map(([port]) => port)
  }

  function arrive(served: string[], cursor = BEGINNING): void {
    for (const port of served) {
      const follower = followers.get(port)
      if (follower) follower.phase = 'live'
      if (follower && cursor > follower.cursor) follower.cursor = cursor
    }
  }

  // An answer that is still to come, from far enough back, serves whoever follows before it begins.
  function askOldest(): void {
    const [oldest = BEGINNING] = [...followers.values()].map(({ cursor }) => cursor).sort()
    if (asked !== undefined && asked <= oldest) return
    asked = oldest
    ask(oldest === BEGINNING ? undefined : oldest)
  }
}
