// The wall's conversation: follows topics, obeys rights at once, says when stale.
import { setTimeout as sleep } from 'node:timers/promises'
import { requireGroup } from '#lib/auth/group-access.ts'
import { createBackoff } from '#lib/backoff.ts'
import { AppError } from '#lib/errors.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import { CLOSE } from '../close-codes.ts'
import type { Member } from '../follower.ts'
import { encodeFrame } from '../frames.ts'
import { type ClientFrame, groupIdOfTopic, MAX_TOPICS, SUBPROTOCOL, Topic } from '../protocol.ts'
import type { Consumer, ConsumerOptions } from './consumer.ts'
import { createFollowedGroup, type FollowedGroup } from './followed-group.ts'

type Followed = FollowedGroup & { unfollow: () => void }

const nothing = () => {}

export function createWallConsumer(options: ConsumerOptions): Consumer {
  const { here, hub, scope, outbox, name, end, fail } = options
  const followed = new Map<string, Followed>()
  let actor = scope.actor
  let isSuspended = false
  let isOver = false
  let isChecking = false
  /** How often rights may have changed. */
  let changes = 0
  let leave = nothing

  const member: Member = {
    recheck() {
      void recheck().catch(fail)
    },
    suspend() {
      isSuspended = true
      outbox.insist(encodeFrame({ type: 'stale' }))
    },
    resume() {
      // A gap may come alone: a message was lost while the connection stood.
      if (isSuspended) outbox.insist(encodeFrame({ type: 'live' }))
      isSuspended = false
      void recheck().catch(fail)
    },
    fail,
  }

  return {
    connect() {
      outbox.insist(
        encodeFrame({
          type: 'welcome',
          connection: name,
          protocol: SUBPROTOCOL,
          heartbeat_seconds: here.config.HEARTBEAT_SECONDS,
          now: hub.now(),
        }),
      )
      leave = hub.join(member)
    },
    async receive(frame) {
      if (frame.type === 'follow') await follow(frame)
      if (frame.type === 'unfollow') forget(groupIdOfTopic(frame.topic))
    },
    caughtUp: resync,
    disconnect() {
      isOver = true
      leave()
      for (const groupId of [...followed.keys()]) forget(groupId)
    },
  }

  async function follow({ topic, since }: Extract<ClientFrame, { type: 'follow' }>): Promise<void> {
    const groupId = Topic.safeParse(topic).success ? groupIdOfTopic(topic) : undefined
    forget(groupId)
    const role =
      groupId && followed.size < MAX_TOPICS ? await asOfNow(() => roleIn(groupId)) : undefined
    if (!groupId || !role) {
      outbox.insist(encodeFrame({ type: 'denied', topic, code: 'not_found' }))
      return
    }
    const group: Followed = Object.assign(
      createFollowedGroup({
        groupId,
        role,
        since,
        snapshots: hub.snapshots,
        outbox,
        log: here.log,
        maySend() {
          return !isSuspended && !isChecking && !isOver
        },
        onEnded() {
          endGroup(groupId)
        },
        onFault: fail,
      }),
      { unfollow: nothing },
    )
    followed.set(groupId, group)
    group.unfollow = await hub.follow(groupId, group)
    if (followed.get(groupId) === group && !isOver) group.resync()
    else group.unfollow()
  }

  function resync(): void {
    for (const group of followed.values()) group.resync()
  }

  // Until every right is read again nothing of any topic leaves, however long PostgreSQL is away.
  async function recheck(): Promise<void> {
    changes += 1
    for (const group of followed.values()) group.miss()
    if (isChecking) return
    isChecking = true
    const backoff = createBackoff({ firstMs: 200, limitMs: 2_000 })
    while (!isOver) {
      try {
        await asOfNow(checkRights)
        break
      } catch (error) {
        here.log.warn({ err: error, connection: name }, 'rights could not be read')
        await sleep(backoff.nextMs(), undefined, { ref: false })
      }
    }
    isChecking = false
    resync()
  }

  // What changed while it was read is read again; many changes at once cost two readings.
  async function asOfNow<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      const before = changes
      const answer = await read()
      if (before === changes || isOver) return answer
    }
  }

  async function checkRights(): Promise<void> {
    actor = await scope.identify()
    if (actor.kind === 'nobody') return end(CLOSE.sessionEnded, 'The session has ended.')
    for (const [groupId, group] of [...followed]) {
      const role = await roleIn(groupId)
      if (role) group.role = role
      else endGroup(groupId)
    }
  }

  async function roleIn(groupId: string): Promise<GroupRole | undefined> {
    try {
      return (await requireGroup({ ...here, actor }, groupId, 'viewer')).role
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return undefined
      throw error
    }
  }

  function endGroup(groupId: string): void {
    if (!followed.has(groupId)) return
    forget(groupId)
    outbox.insist(encodeFrame({ type: 'ended', topic: `group:${groupId}`, code: 'not_found' }))
  }

  function forget(groupId: string | undefined): void {
    const group = groupId === undefined ? undefined : followed.get(groupId)
    if (!group || groupId === undefined) return
    followed.delete(groupId)
    group.stop()
    group.unfollow()
  }
}
