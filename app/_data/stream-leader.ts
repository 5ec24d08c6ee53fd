// Which tab holds the browser's one event stream: the newest claim stands, silence ends it.

/** The stream is never silent for longer than a tick and some; then its holder is asked. */
const QUIET_MS = 1_500
/** How long an answer may take, the same for nobody: whoever waits least claims. */
const PATIENCE_MS = { least: 100, more: 200 }

export type Leader = { id: string; term: number }

export type StreamLeader = {
  /** Who leads as far as this tab knows: perhaps itself. */
  leader(): Leader | undefined
  isLeading(): boolean
  /** Lets time pass; called a few times a second. */
  tick(): void
  /** Somebody asks who leads. */
  asked(): void
  /** A sign of life of somebody who leads. */
  heard(other: Leader): void
  resigned(id: string): void
}

export type StreamLeaderOptions = {
  id: string
  nowMs: () => number
  random: () => number
  /** Asks all others who leads. */
  ask(): void
  /** Tells all others that this tab leads. */
  claim(leader: Leader): void
  onLead(): void
  /** Somebody leads whom this tab does not follow yet; it leads no more. */
  onFollow(leader: Leader): void
}

/** Asks at once; leads when nobody answers. */
export function createStreamLeader(options: StreamLeaderOptions): StreamLeader {
  const { id, nowMs, random } = options
  let leader: Leader | undefined
  let highestTerm = 0
  let heardMs = nowMs()
  /** Until then an answer is waited for. */
  let claimMs: number | undefined
  seek()

  return {
    leader: () => leader,
    isLeading,
    tick() {
      if (isLeading()) return
      if (claimMs === undefined && nowMs() - heardMs >= QUIET_MS) seek()
      else if (claimMs !== undefined && nowMs() >= claimMs) lead()
    },
    asked() {
      if (leader && isLeading()) options.claim(leader)
    },
    heard(other) {
      highestTerm = Math.max(highestTerm, other.term)
      const isSame = other.id === leader?.id && other.term === leader.term
      if (leader && !isSame && !isAbove(other, leader)) {
        if (isLeading()) options.claim(leader)
        return
      }
      heardMs = nowMs()
      claimMs = undefined
      leader = other
      if (!isSame) options.onFollow(other)
    },
    resigned(other) {
      if (other !== leader?.id) return
      leader = undefined
      seek()
    },
  }

  function isLeading(): boolean {
    return leader?.id === id
  }

  function seek(): void {
    claimMs = nowMs() + PATIENCE_MS.least + random() * PATIENCE_MS.more
    options.ask()
  }

  function lead(): void {
    highestTerm += 1
    leader = { id, term: highestTerm }
    claimMs = undefined
    options.claim(leader)
    options.onLead()
  }
}

// A claim made later knows of the earlier ones; of two at once the elder tab's stands.
function isAbove(a: Leader, b: Leader): boolean {
  return a.term > b.term || (a.term === b.term && a.id < b.id)
}
