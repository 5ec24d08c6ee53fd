// One group as one reader follows it: a snapshot, its events, and what was missed.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Backoff, createBackoff } from '#lib/backoff.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import type { Log } from '#lib/log.ts'
import type { Follower } from '../follower.ts'
import { withRole } from '../frames.ts'
import type { Outbox } from '../outbox.ts'
import type { Frame } from '../shared-frame.ts'
import type { Snapshots, Wish } from '../snapshots.ts'
import { createWantedRows, type WantedRows } from './wanted-rows.ts'

/**
 * How many events wait for a snapshot that is being read before they are dropped and read again;
 * none for one that the reader does not take.
 */
const MAX_PENDING = 64

/** An event is sent, kept for after the snapshot, or marked as missed. */
export type FollowedGroup = Follower & {
  role: GroupRole
  /** Sends nothing of what comes before the next snapshot. */
  miss(): void
  /** Sends the recent results of the targets with these numbers as soon as nothing is missing. */
  want(n: readonly number[]): void
  /** Sends what was missed since the last cursor, if anything was, else what is wanted. */
  resync(): void
  /** Nothing more is sent, not even of a snapshot on its way. */
  stop(): void
}

export type FollowedGroupOptions = {
  groupId: string
  role: GroupRole
  wish: Wish
  snapshots: Pick<Snapshots, 'read' | 'replay'>
  outbox: Outbox
  log: Log
  /** False while the feed is stale or rights are being read. */
  maySend: () => boolean
  onEnded: () => void
  onFault: (error: unknown) => void
}

/** Starts missing everything: the first `resync` sends the snapshot. */
export function createFollowedGroup(options: FollowedGroupOptions): FollowedGroup {
  const { groupId, snapshots, outbox, log, maySend, onEnded, onFault } = options
  let backoff: Backoff | undefined
  let cursor = options.wish.since
  let wanted: WantedRows | undefined
  /** How many snapshots were begun: what was read before the latest may hide what it makes good. */
  let begun = 0
  let isMissing = true
  let isStopped = false
  /** Events that came while a snapshot was on its way; undefined when none is. */
  let pending: { frame: Frame; cursor: string }[] | undefined

  const followed: FollowedGroup = {
    role: options.role,
    deliver,
    ended: onEnded,
    missed,
    fail: onFault,
    miss,
    want,
    resync,
    stop,
  }
  return followed

  function deliver(frame: Frame, at: string): void {
    if (isMissing || isStopped) return
    if (!maySend()) miss()
    else if (pending && pending.length < MAX_PENDING && outbox.keepsUp())
      pending.push({ frame, cursor: at })
    else if (!pending && outbox.offer(frame)) cursor = at
    else isMissing = true
  }

  function miss(): void {
    isMissing = true
    pending = undefined
  }

  function missed(): void {
    miss()
    resync()
  }

  function stop(): void {
    isStopped = true
  }

  function want(n: readonly number[]): void {
    wanted ??= createWantedRows({ send: sendRows, onIdle: resync, log, onFault })
    wanted.add(n)
    resync()
  }

  function resync(): void {
    if (pending || isStopped || !maySend()) return
    if (!isMissing) wanted?.answer()
    else if (outbox.keepsUp()) void replay().catch(onFault)
  }

  // Runs beside other groups' replays: a long one holds up nobody else. One that was overtaken by
  // `miss` finds another queue in its place and leaves everything to its successor.
  async function replay(): Promise<void> {
    const queue: { frame: Frame; cursor: string }[] = []
    pending = queue
    begun += 1
    isMissing = false
    let isSent = false
    try {
      isSent = await sendSnapshot(() => pending === queue && !isStopped && maySend())
      backoff = undefined
    } catch (error) {
      log.warn({ err: error, group: groupId }, 'a snapshot could not be read')
      backoff ??= createBackoff({ firstMs: 200, limitMs: 2_000 })
      await sleep(backoff.nextMs(), undefined, { ref: false })
    }
    if (pending === queue) {
      pending = undefined
      isMissing ||= !isSent
      for (const event of queue) deliver(event.frame, event.cursor)
    }
    resync()
  }

  async function sendSnapshot(isWanted: () => boolean): Promise<boolean> {
    const snapshot = await snapshots.read(groupId, { ...options.wish, since: cursor })
    if (!snapshot) {
      stop()
      onEnded()
      return false
    }
    if (!(await send(snapshot.first, isWanted))) return false
    const rest = await snapshot.rest
    for (const frame of rest.frames) if (!(await send(frame, isWanted))) return false
    cursor = rest.cursor
    return true
  }

  async function sendRows(n: readonly number[]): Promise<boolean> {
    const before = begun
    const isWanted = () => begun === before && !isMissing && !pending && !isStopped && maySend()
    for (const frame of await snapshots.replay(groupId, n)) {
      if (!(await outbox.inTurn(() => (isWanted() ? frame : undefined)))) return false
    }
    return true
  }

  // Each frame waits for the reader to have taken what is before it.
  function send(frame: string, isWanted: () => boolean): Promise<boolean> {
    return outbox.inTurn(() => (isWanted() ? withRole(frame, followed.role) : undefined))
  }
}
