// Keeps each card's vitals up to date, twice a second and only where something changed.
import type { MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import type { Standing } from '#lib/targets/health.ts'
import { type CardVitals, cardVitals, NO_COUNTS } from './card-vitals.ts'
import type { SampleStore } from './sample-store.ts'
import { beatOnScreen } from './screen-beat.ts'

const BEAT_MS = 500
/** Results grow old without a word from anybody, so every card is looked at this often. */
const LOOK_MS = 1_000

type Watched = {
  group: MyGroup
  targets: readonly LiveTarget[]
  vitals: CardVitals
  lookedAtMs: number
}

export type VitalsStore = {
  /** The card as it is now; called whenever its group or rows change. */
  set(group: MyGroup, targets: readonly LiveTarget[]): void
  remove(groupId: string): void
  /** The vitals of a card; the same object until something in it changes. */
  of(groupId: string): CardVitals | undefined
  /** Rows over all cards by standing. */
  counts(): Readonly<Record<Standing, number>>
  /** The time of the newest result on the wall, 0 without any. */
  newestMs(): number
  subscribe(callback: () => void): () => void
  close(): void
}

/** `nowMs` is the server's time, resting while the feed is stale. */
export function createVitalsStore(samples: SampleStore, nowMs: () => number): VitalsStore {
  const cards = new Map<string, Watched>()
  const subscribers = new Set<() => void>()
  let counts = NO_COUNTS
  const close = beatOnScreen(BEAT_MS, look)

  return {
    set(group, targets) {
      const vitals = vitalsOf(group, targets, cards.get(group.id)?.vitals)
      cards.set(group.id, { group, targets, vitals, lookedAtMs: nowMs() })
      publish()
    },
    remove(groupId) {
      if (cards.delete(groupId)) publish()
    },
    of: (groupId) => cards.get(groupId)?.vitals,
    counts: () => counts,
    newestMs: () => Math.max(0, ...[...cards.values()].map(({ vitals }) => vitals.newestMs)),
    subscribe(callback) {
      subscribers.add(callback)
      return () => subscribers.delete(callback)
    },
    close,
  }

  function look(): void {
    const now = nowMs()
    let hasChanged = false
    for (const card of cards.values()) {
      const isDirty = samples.takeDirty(card.group.id)
      if (!isDirty && now - card.lookedAtMs < LOOK_MS) continue
      card.lookedAtMs = now
      const vitals = vitalsOf(card.group, card.targets, card.vitals)
      hasChanged ||= vitals !== card.vitals
      card.vitals = vitals
    }
    if (hasChanged) publish()
  }

  function vitalsOf(
    group: MyGroup,
    targets: readonly LiveTarget[],
    before: CardVitals | undefined,
  ) {
    const resultsOf = (n: number) => samples.results(group.id, n)
    const now = cardVitals(targets, resultsOf, group.parameters, nowMs())
    // The first frame of a snapshot tells how rows stand, not yet what share of echoes is answered.
    const isTold = samples.history(group.id)?.isTold()
    const vitals = isTold ? now : { ...now, sent: 0, received: 0 }
    if (!before || !areEqual(before.standings, vitals.standings)) return vitals
    return { ...vitals, standings: before.standings, counts: before.counts }
  }

  function publish(): void {
    const sum = { ...NO_COUNTS }
    for (const { vitals } of cards.values()) {
      for (const [standing, count] of Object.entries(vitals.counts)) {
        if (isStanding(standing)) sum[standing] += count
      }
    }
    counts = sum
    for (const callback of subscribers) callback()
  }
}

const isStanding = (word: string): word is Standing => Object.hasOwn(NO_COUNTS, word)

// Rows are arranged anew only when a standing changed, so the map keeps its identity otherwise.
function areEqual(a: ReadonlyMap<string, Standing>, b: ReadonlyMap<string, Standing>): boolean {
  if (a.size !== b.size) return false
  for (const [id, standing] of b) if (a.get(id) !== standing) return false
  return true
}
