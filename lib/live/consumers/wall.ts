// The wall's conversation: follows topics, obeys rights at once, says when stale.
import type { GroupRole } from '#lib/groups/contract.ts'
import { toAppError } from '#lib/http/problem.ts'
import { CLOSE } from '../close-codes.ts'
import type { Member } from '../follower.ts'
import { encodeFrame } from '../frames.ts'
import { type ClientFrame, groupIdOfTopic, MAX_TOPICS, SUBPROTOCOL, Topic } from '../protocol.ts'
import type { Consumer, ConsumerOptions } from './consumer.ts'
import { createFollowedGroup, type FollowedGroup } from './followed-group.ts'
import { createRights, HOLD_MS } from './rights.ts'

type Followed = FollowedGroup & { unfollow: () => void }
type Follow = Extract<ClientFrame, { type: 'follow' }>

const nothing = () => {}

export function createWallConsumer(options: ConsumerOptions): Consumer {
  const { here, hub, scope, outbox, name, end, fail } = options
  const followed = new Map<string, Followed>()
  const rights = createRights({
    reader: hub.rights,
    scope,
    log: here.log,
    name,
    followed() {
      return [...followed.keys()]
    },
    onRole: obey,
    onGone(leftMs) {
      outbox.recall(leftMs)
      end(CLOSE.sessionEnded, 'The session has ended.')
    },
    onLate(groupIds) {
      // Whoever was told `stale` knows that nothing comes, and gets everything again by itself.
      if (!isStale) for (const groupId of groupIds) endGroup(groupId, 'unavailable', 0)
    },
    onSettled: resume,
    onFault: fail,
  })
  /** Nothing is heard: nothing leaves, for a right may have been taken away unheard. */
  let isDeaf = false
  /** The reader was told so, and not yet that it is over. */
  let isStale = false
  let isOver = false
  let leave = nothing

  const member: Member = {
    recheck({ user_ids, group_id }) {
      if (user_ids && !user_ids.includes(rights.userId() ?? '')) return
      // It may be about to be followed.
      if (group_id && !followed.has(group_id)) rights.shift()
      else doubt(group_id)
    },
    endsAtMs: rights.endsAtMs,
    suspend() {
      isDeaf = true
      if (!isStale) outbox.insist(encodeFrame({ type: 'stale' }))
      isStale = true
    },
    resume() {
      isDeaf = false
      doubt()
    },
    announce: outbox.insist,
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
          ...(scope.actor.kind === 'user' && { session: scope.actor.sessionId }),
        }),
      )
      leave = hub.join(member)
    },
    async receive(frame) {
      if (frame.type === 'follow') await followIfPossible(frame)
      if (frame.type === 'unfollow') forget(groupIdOfTopic(frame.topic))
      if (frame.type === 'replay') followed.get(groupIdOfTopic(frame.topic) ?? '')?.want(frame.n)
    },
    caughtUp: resync,
    disconnect() {
      isOver = true
      rights.close()
      leave()
      for (const groupId of [...followed.keys()]) forget(groupId)
    },
  }

  async function followIfPossible(frame: Follow): Promise<void> {
    try {
      await follow(frame)
    } catch (error) {
      if (toAppError(error).code !== 'unavailable') throw error
      forget(groupIdOfTopic(frame.topic))
      outbox.insist(encodeFrame({ type: 'denied', topic: frame.topic, code: 'unavailable' }))
    }
  }

  async function follow({ topic, since, replay = 'all' }: Follow): Promise<void> {
    const groupId = Topic.safeParse(topic).success ? groupIdOfTopic(topic) : undefined
    forget(groupId)
    const role = groupId && followed.size < MAX_TOPICS ? await rights.roleIn(groupId) : undefined
    if (!groupId || !role) {
      outbox.insist(encodeFrame({ type: 'denied', topic, code: 'not_found' }))
      return
    }
    const group: Followed = Object.assign(
      createFollowedGroup({
        groupId,
        role,
        wish: { since, replay },
        snapshots: hub.snapshots,
        outbox,
        log: here.log,
        maySend() {
          return !isStale && !isOver && rights.isSure(groupId)
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

  function doubt(groupId?: string): void {
    const doubted = groupId === undefined ? followed.values() : [followed.get(groupId)]
    for (const group of doubted) group?.miss()
    rights.doubt(groupId)
  }

  function obey(groupId: string, role: GroupRole | undefined, leftMs: number): void {
    const group = followed.get(groupId)
    if (group && role) group.role = role
    else endGroup(groupId, 'not_found', leftMs)
  }

  function resume(): void {
    if (isDeaf) return
    if (isStale) outbox.insist(encodeFrame({ type: 'live' }))
    isStale = false
    resync()
  }

  function resync(): void {
    for (const group of followed.values()) group.resync()
  }

  function endGroup(groupId: string, code = 'not_found', leftMs = HOLD_MS): void {
    if (!followed.has(groupId)) return
    forget(groupId)
    outbox.insist(encodeFrame({ type: 'ended', topic: `group:${groupId}`, code }))
    outbox.recall(leftMs)
  }

  function forget(groupId: string | undefined): void {
    const group = groupId === undefined ? undefined : followed.get(groupId)
    if (!group || groupId === undefined) return
    followed.delete(groupId)
    group.stop()
    group.unfollow()
  }
}
