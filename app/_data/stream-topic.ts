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
 * The server has one follower for all ports: each `follow` replaces it and begins a snapshot, from
 * the cursor that `ask` is given; it also sends some unasked, from where it stopped. A snapshot goes
 * to those that it reaches back to, from its first frame on; the others get nothing until theirs.
 * One that begins at the beginning is for newcomers alone: it leaves out what the others show.
 */
export function createStreamTopic(ask: (since: string | undefined) => void): StreamTopic {
  const followers = new Map<string, Follower>()
  /** From where the server was asked and has not begun to answer. */
  let asked: string | undefined

  return {
    follow(port, since = BEGINNING) {
      followers.set(port, { cursor: since, phase: 'waiting' })
      askForWaiting()
    },
    leave(port) {
      followers.delete(port)
      askForWaiting()
      return followers.size === 0
    },
    ports: () => [...followers.keys()],
    route(frame) {
      const served = frame.type === 'snapshot' ? replay(frame) : inPhase('live', 'replaying')
      if (frame.type === 'event') arrive(inPhase('live'), frame.cursor)
      askForWaiting()
      return served
    },
  }

  function replay({ group, since = BEGINNING, cursor, more }: Envelope): string[] {
    if (group !== undefined) begin(since)
    const served = inPhase('replaying')
    if (!more) arrive(served, cursor)
    return served
  }

  function begin(since: string): void {
    if (asked !== undefined && since <= asked) asked = undefined
    for (const follower of followers.values()) {
      const isServed =
        since === BEGINNING ? follower.cursor === BEGINNING : since <= follower.cursor
      follower.phase = isServed ? 'replaying' : 'waiting'
    }
  }

  function inPhase(...wanted: Follower['phase'][]): string[] {
    return [...followers].filter(([, { phase }]) => wanted.includes(phase)).map(([port]) => port)
  }

  function arrive(served: string[], cursor = BEGINNING): void {
    for (const port of served) {
      const follower = followers.get(port)
      if (follower) follower.phase = 'live'
      if (follower && cursor > follower.cursor) follower.cursor = cursor
    }
  }

  // One snapshot after the other, for the oldest first: of several asked at once each would end the
  // one before it. Who was served by an earlier one is served by the last as well.
  function askForWaiting(): void {
    if (inPhase('waiting').length === 0 || inPhase('replaying').length > 0) return
    const [oldest = BEGINNING] = [...followers.values()].map(({ cursor }) => cursor).sort()
    if (asked !== undefined && asked <= oldest) return
    asked = oldest
    ask(oldest === BEGINNING ? undefined : oldest)
  }
}
