// The wall's conversation: follows topics, replays what was missed, obeys rights at once.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import { createBackoff } from '#lib/backoff.ts'
import { AppError } from '#lib/errors.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import { CLOSE } from '../close-codes.ts'
import { encodeFrame, withRole } from '../frames.ts'
import type { Follower } from '../hub.ts'
import { type ClientFrame, groupIdOfTopic, MAX_TOPICS, SUBPROTOCOL, Topic } from '../protocol.ts'
import type { Consumer, ConsumerOptions } from './consumer.ts'

/** How many events wait for a running snapshot before they are dropped and read again. */
const MAX_PENDING = 64

type Followed = {
  groupId: string
  role: GroupRole
  cursor: string | undefined
  /** Events that came while a snapshot was on its way; undefined when none is. */
  pending: { frame: string; cursor: string }[] | undefined
  missed: boolean
  unfollow: () => void
}

export function createWallConsumer(options: ConsumerOptions): Consumer {
  const { here, hub, scope, outbox, name, end } = options
  const log = here.log.child({ scope: 'wall-consumer' })
  const backoff = createBackoff({ firstMs: 200, limitMs: 2_000 })
  const followed = new Map<string, Followed>()
  let actor = scope.actor
  let isSuspended = false
  let checks = 0
  let isOver = false
  let leave = () => {}

  const follower: Follower = {
    deliver(groupId, frame, cursor) {
      const topic = followed.get(groupId)
      if (topic) deliver(topic, frame, cursor)
    },
    ended: (groupId) => endTopic(groupId),
    missed(groupId) {
      const topic = followed.get(groupId)
      if (topic) miss(topic)
      resync()
    },
    recheck: () => void recheck(),
    suspend() {
      isSuspended = true
      outbox.insist(encodeFrame({ type: 'stale' }))
    },
    resume() {
      for (const topic of followed.values()) topic.missed = true
      isSuspended = false
      outbox.insist(encodeFrame({ type: 'live' }))
      void recheck()
    },
  }

  return {
    connect() {
      leave = hub.join(follower)
      outbox.insist(
        encodeFrame({
          type: 'welcome',
          connection: name,
          protocol: SUBPROTOCOL,
          heartbeat_seconds: here.config.HEARTBEAT_SECONDS,
          now: new Date().toISOString(),
        }),
      )
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
    const role = groupId && followed.size < MAX_TOPICS ? await roleIn(groupId) : undefined
    if (!groupId || !role) {
      outbox.insist(encodeFrame({ type: 'denied', topic, code: 'not_found' }))
      return
    }
    forget(groupId)
    const one: Followed = {
      groupId,
      role,
      cursor: since,
      pending: [],
      missed: false,
      unfollow: () => {},
    }
    followed.set(groupId, one)
    one.unfollow = await hub.follow(groupId, follower)
    if (followed.get(groupId) !== one) return one.unfollow()
    replay(one)
  }

  // Runs beside the frames that follow: a long snapshot holds up no other topic.
  function replay(topic: Followed): void {
    topic.pending = []
    topic.missed = false
    sendSnapshot(topic).catch(async (error: unknown) => {
      log.warn({ err: error, group: topic.groupId }, 'a snapshot could not be read')
      miss(topic)
      await sleep(backoff.nextMs(), undefined, { ref: false })
      resync()
    })
  }

  async function sendSnapshot(topic: Followed): Promise<void> {
    const snapshot = await hub.snapshot(topic.groupId, topic.cursor)
    if (!snapshot) return endTopic(topic.groupId)
    for (const frame of snapshot.frames) {
      if (!(await outbox.drained())) return
      if (!maySend(topic)) return miss(topic)
      outbox.insist(withRole(frame, topic.role))
    }
    topic.cursor = snapshot.cursor
    const pending = topic.pending ?? []
    topic.pending = undefined
    for (const event of pending) deliver(topic, event.frame, event.cursor)
    resync()
  }

  function deliver(topic: Followed, frame: string, cursor: string): void {
    if (topic.missed) return
    if (!maySend(topic)) {
      miss(topic)
      return
    }
    if (topic.pending) {
      if (topic.pending.length < MAX_PENDING) topic.pending.push({ frame, cursor })
      else topic.missed = true
      return
    }
    if (outbox.offer(frame)) topic.cursor = cursor
    else topic.missed = true
  }

  function maySend(topic: Followed): boolean {
    return !isSuspended && checks === 0 && followed.get(topic.groupId) === topic
  }

  function miss(topic: Followed): void {
    topic.missed = true
    topic.pending = undefined
  }

  // Reads again, from the last cursor, every topic of which something was not sent.
  function resync(): void {
    if (isOver) return
    for (const topic of followed.values()) {
      if (topic.missed && !topic.pending && maySend(topic)) replay(topic)
    }
  }

  // Until every right is read again nothing of any topic leaves, however long PostgreSQL is away.
  async function recheck(): Promise<void> {
    checks += 1
    while (!isOver) {
      try {
        await checkRights()
        break
      } catch (error) {
        log.warn({ err: error }, 'rights could not be read')
        await sleep(backoff.nextMs(), undefined, { ref: false })
      }
    }
    backoff.reset()
    checks -= 1
    resync()
  }

  async function checkRights(): Promise<void> {
    actor = await scope.identify()
    if (actor.kind === 'nobody') return end(CLOSE.sessionEnded, 'The session has ended.')
    for (const topic of [...followed.values()]) {
      const role = await roleIn(topic.groupId)
      if (role) topic.role = role
      else endTopic(topic.groupId)
    }
  }

  async function roleIn(groupId: string): Promise<GroupRole | undefined> {
    const ctx: Ctx = { ...here, actor }
    try {
      return (await requireGroup(ctx, groupId, 'viewer')).role
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return undefined
      throw error
    }
  }

  function endTopic(groupId: string): void {
    if (!followed.has(groupId)) return
    forget(groupId)
    outbox.insist(encodeFrame({ type: 'ended', topic: `group:${groupId}`, code: 'not_found' }))
  }

  function forget(groupId: string | undefined): void {
    const topic = groupId === undefined ? undefined : followed.get(groupId)
    if (!topic) return
    followed.delete(topic.groupId)
    topic.unfollow()
  }
}
