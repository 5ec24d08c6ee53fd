// What a reader may see, read again whenever it may have changed; nothing in doubt leaves.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Backoff, createBackoff } from '#lib/backoff.ts'
import { systemClock } from '#lib/clock.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import type { Log } from '#lib/log.ts'
import type { RightsReader } from '../rights-reader.ts'
import type { Scope } from '../scope.ts'

/** How long a topic is held while its right is read: less than the 500 ms that are promised. */
export const HOLD_MS = 400
/** The doubt that concerns every group: who is asking at all. */
const CALLER = 'caller'

export type Rights = {
  /** The caller's role as it is now; undefined where they see no such group. */
  roleIn(groupId: string): Promise<GroupRole | undefined>
  /** A right may have changed, in one group or, without one, anywhere. */
  doubt(groupId?: string): void
  /** A right changed elsewhere: what is being asked just now is asked again. */
  shift(): void
  /** Whether what the group tells may leave, as far as rights go. */
  isSure(groupId: string): boolean
  userId(): string | undefined
  /** When the caller's session ends unless it is used meanwhile, in ms of the database's time. */
  endsAtMs(): number
  close(): void
}

export type RightsOptions = {
  reader: RightsReader
  scope: Scope
  log: Log
  /** The connection's, for the log. */
  name: string
  followed: () => string[]
  /** A right was read again; `role` is undefined where it was taken away, `leftMs` is left to obey. */
  onRole: (groupId: string, role: GroupRole | undefined, leftMs: number) => void
  /** Nobody is calling any more. */
  onGone: (leftMs: number) => void
  /** These could not be read in time. */
  onLate: (groupIds: string[]) => void
  /** Some doubts are settled. */
  onSettled: () => void
  onFault: (error: unknown) => void
}

export function createRights(options: RightsOptions): Rights {
  const { reader, scope, log, name, followed, onRole, onGone, onLate, onSettled, onFault } = options
  const { steadyMs } = systemClock
  let backoff: Backoff | undefined
  /** Since when each is in doubt, and by which change at the latest. */
  const doubts = new Map<string, { sinceMs: number; change: number }>()
  let { actor, endsAtMs } = scope
  let changes = 0
  let isSettling = false
  let isOver = false
  let lateness: NodeJS.Timeout | undefined

  return {
    roleIn,
    doubt(groupId = CALLER) {
      changes += 1
      const sinceMs = doubts.get(groupId)?.sinceMs ?? steadyMs()
      doubts.set(groupId, { sinceMs, change: changes })
      watch()
      void settle().catch(onFault)
    },
    shift() {
      changes += 1
    },
    isSure(groupId) {
      return doubts.size === 0 || !(doubts.has(CALLER) || doubts.has(groupId))
    },
    userId() {
      return actor.kind === 'user' ? actor.userId : undefined
    },
    endsAtMs() {
      return doubts.has(CALLER) ? Number.POSITIVE_INFINITY : endsAtMs
    },
    close() {
      isOver = true
      clearTimeout(lateness)
    },
  }

  // What changed while it was read is read again.
  async function roleIn(groupId: string): Promise<GroupRole | undefined> {
    for (;;) {
      const before = changes
      const roles = await reader.roles({ actor, groupIds: [groupId] })
      if (before === changes || isOver) return roles.get(groupId)
    }
  }

  // However long PostgreSQL is away, what is in doubt stays so until it is read.
  async function settle(): Promise<void> {
    if (isSettling) return
    isSettling = true
    while (doubts.size > 0 && !isOver) {
      const [before, startedMs] = [changes, steadyMs()]
      const roles = await read()
      if (isOver || !roles) continue
      for (const [groupId, role] of roles) onRole(groupId, role, leftMs())
      forget(before, startedMs)
      onSettled()
    }
    isSettling = false
  }

  async function read(): Promise<[string, GroupRole | undefined][] | undefined> {
    try {
      const isOfCaller = doubts.has(CALLER)
      if (isOfCaller && !(await identify())) return undefined
      const groupIds = isOfCaller ? followed() : [...doubts.keys()]
      const roles = await reader.roles({ actor, groupIds })
      backoff = undefined
      return groupIds.map((groupId) => [groupId, roles.get(groupId)])
    } catch (error) {
      log.warn({ err: error, connection: name }, 'rights could not be read')
      backoff ??= createBackoff({ firstMs: 200, limitMs: 2_000 })
      await sleep(backoff.nextMs(), undefined, { ref: false })
      return undefined
    }
  }

  async function identify(): Promise<boolean> {
    const caller = await reader.caller(actor)
    if (isOver) return false
    isOver = caller.actor.kind === 'nobody'
    if (isOver) onGone(leftMs())
    else ({ actor, endsAtMs } = caller)
    return !isOver
  }

  function forget(before: number, startedMs: number): void {
    for (const [key, doubt] of doubts) {
      if (doubt.change <= before) doubts.delete(key)
      else doubt.sinceMs = Math.max(doubt.sinceMs, startedMs)
    }
    watch()
  }

  function watch(): void {
    clearTimeout(lateness)
    if (isOver || doubts.size === 0) return
    lateness = setTimeout(tellLate, leftMs())
  }

  function tellLate(): void {
    const nowMs = steadyMs()
    const late = [...doubts].filter(([, { sinceMs }]) => nowMs - sinceMs >= HOLD_MS)
    const keys = late.map(([key]) => key)
    if (keys.length > 0) onLate(keys.includes(CALLER) ? followed() : keys)
    // What is followed meanwhile is held for as long again.
    for (const [, doubt] of late) doubt.sinceMs = nowMs
    watch()
  }

  function leftMs(): number {
    return Math.max(0, oldest() + HOLD_MS - steadyMs())
  }

  function oldest(): number {
    return [...doubts.values()].reduce(
      (least, { sinceMs }) => Math.min(least, sinceMs),
      Number.POSITIVE_INFINITY,
    )
  }
}
