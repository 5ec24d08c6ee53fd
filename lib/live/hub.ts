// Who listens here: one room per followed group, each message read and encoded once for all.
import { createDispatcher } from '#lib/channels/handlers.ts'
import type { Undo } from '#lib/channels/layer.ts'
import type { Message } from '#lib/channels/message.ts'
import { ACCESS, groupOfWatchers } from '#lib/channels/names.ts'
import { readGroup } from '#lib/groups/read.ts'
import type { House } from '#lib/http/house.ts'
import { readRecent } from '#lib/samples/read.ts'
import { readTargets, readTargetsByNumber } from '#lib/targets/read.ts'
import { encodeEvent, encodeSnapshot, TARGETS_PER_EVENT } from './frames.ts'
import { GroupMessages } from './messages.ts'
import { REPLAY } from './protocol.ts'

/** What a consumer gives to the hub. Nothing here may throw or wait. */
export type Follower = {
  deliver(groupId: string, frame: string, cursor: string): void
  /** The group is gone: say so and forget it. */
  ended(groupId: string): void
  /** Something of this group was missed: read it again. */
  missed(groupId: string): void
  /** Rights may have changed: send nothing more before they are read again. */
  recheck(): void
  /** The news from PostgreSQL has stopped: send nothing before `resume`. */
  suspend(): void
  resume(): void
}

export type EncodedSnapshot = { frames: string[]; cursor: string }

export type Hub = {
  /** Registers a consumer for as long as it lives; it may then follow groups. */
  join(follower: Follower): () => void
  /** Resolves once every later message of the group is delivered. The caller has checked the right. */
  follow(groupId: string, follower: Follower): Promise<() => void>
  /** The group's state and what was stored since; undefined when the group is gone. Equal requests share one reading. */
  snapshot(groupId: string, since: string | undefined): Promise<EncodedSnapshot | undefined>
  close(): Promise<void>
}

type Room = {
  groupId: string
  followers: Set<Follower>
  cursor: string
  /** Counts what was delivered: a reading under way is shared only while nothing came in between. */
  delivered: number
  leave: Promise<Undo>
}

type Reading = { delivered: number; snapshot: Promise<EncodedSnapshot | undefined> }

/** Opens the process's one ear: it hears changes of rights from now on, and groups once they are followed. */
export async function createHub(here: House): Promise<Hub> {
  const { channels, db } = here
  const log = here.log.child({ scope: 'hub' })
  const members = new Set<Follower>()
  const rooms = new Map<string, Room>()
  const readings = new Map<string, Reading>()

  const undos: Undo[] = [
    channels.on('state', ({ listening }) => {
      if (!listening) for (const member of members) member.suspend()
    }),
    channels.on('gap', () => {
      for (const member of members) member.resume()
    }),
  ]
  await hearRights()

  return {
    join(follower) {
      members.add(follower)
      return () => void members.delete(follower)
    },
    follow,
    snapshot,
    async close() {
      for (const room of [...rooms.values()]) await leaveRoom(room)
      for (const undo of undos) await undo()
    },
  }

  async function hearRights(): Promise<void> {
    const channel = channels.newChannel('rights')
    const recheckAll = () => {
      for (const member of members) member.recheck()
    }
    undos.push(await channels.receive(channel, recheckAll))
    await channels.groupAdd(ACCESS, channel)
    undos.push(() => channels.groupDiscard(ACCESS, channel))
  }

  async function follow(groupId: string, follower: Follower): Promise<() => void> {
    const room = rooms.get(groupId) ?? openRoom(groupId)
    room.followers.add(follower)
    await room.leave
    return () => {
      room.followers.delete(follower)
      if (room.followers.size === 0) void leaveRoom(room)
    }
  }

  function openRoom(groupId: string): Room {
    const room: Room = {
      groupId,
      followers: new Set(),
      cursor: new Date().toISOString(),
      delivered: 0,
      leave: Promise.resolve(() => {}),
    }
    room.leave = enterRoom(room)
    rooms.set(groupId, room)
    room.leave.catch(() => rooms.delete(groupId))
    return room
  }

  // Each room has a channel of its own: its messages stay in order and crowd out no other room's.
  async function enterRoom(room: Room): Promise<Undo> {
    const channel = channels.newChannel('room')
    const name = groupOfWatchers(room.groupId)
    const unreceive = await channels.receive(
      channel,
      createDispatcher({ handlers: handlersOf(room), log }),
    )
    await channels.groupAdd(name, channel)
    const undrop = channels.on('drop', (dropped) => {
      if (dropped === channel) for (const follower of room.followers) follower.missed(room.groupId)
    })
    return async () => {
      undrop()
      await channels.groupDiscard(name, channel)
      await unreceive()
    }
  }

  async function leaveRoom(room: Room): Promise<void> {
    if (rooms.get(room.groupId) === room) rooms.delete(room.groupId)
    try {
      const leave = await room.leave
      await leave()
    } catch (error) {
      log.warn({ err: error, group: room.groupId }, 'a room could not be left')
    }
  }

  function handlersOf(room: Room) {
    return {
      'samples.arrived': (message: Message) => {
        const { cursor, samples } = GroupMessages['samples.arrived'].parse(message)
        room.cursor = cursor
        deliver(room, encodeEvent(topicOf(room), cursor, { type: 'samples.arrived', samples }))
      },
      'group.changed': async () => {
        const group = await readGroup(db, room.groupId)
        if (!group) return endRoom(room)
        deliver(room, encodeEvent(topicOf(room), room.cursor, { type: 'group.changed', group }))
      },
      'targets.changed': async (message: Message) => {
        const { n } = GroupMessages['targets.changed'].parse(message)
        await tellTargets(room, n)
      },
      'group.removed': () => endRoom(room),
    }
  }

  async function tellTargets(room: Room, ranges: [number, number][]): Promise<void> {
    const { targets, removed } = await readTargetsByNumber(db, room.groupId, ranges)
    for (let i = 0; i < Math.max(targets.length, removed.length); i += TARGETS_PER_EVENT) {
      const event = {
        type: 'targets.changed' as const,
        targets: targets.slice(i, i + TARGETS_PER_EVENT),
        removed: removed.slice(i, i + TARGETS_PER_EVENT),
      }
      deliver(room, encodeEvent(topicOf(room), room.cursor, event))
    }
  }

  function deliver(room: Room, frame: string): void {
    room.delivered += 1
    for (const follower of room.followers) follower.deliver(room.groupId, frame, room.cursor)
  }

  function endRoom(room: Room): void {
    for (const follower of [...room.followers]) follower.ended(room.groupId)
  }

  function snapshot(
    groupId: string,
    since: string | undefined,
  ): Promise<EncodedSnapshot | undefined> {
    const key = `${groupId} ${since ?? ''}`
    const delivered = rooms.get(groupId)?.delivered ?? -1
    const shared = readings.get(key)
    if (shared && shared.delivered === delivered) return shared.snapshot
    const reading: Reading = { delivered, snapshot: readSnapshot(groupId, since) }
    readings.set(key, reading)
    const forget = () => void (readings.get(key) === reading && readings.delete(key))
    reading.snapshot.then(forget, forget)
    return reading.snapshot
  }

  async function readSnapshot(
    groupId: string,
    since?: string,
  ): Promise<EncodedSnapshot | undefined> {
    const [group, targets, recent] = await Promise.all([
      readGroup(db, groupId),
      readTargets(db, groupId),
      readRecent(db, groupId, { ...REPLAY, since }),
    ])
    if (!group) return undefined
    const frames = encodeSnapshot({ topic: `group:${groupId}`, group, targets, recent })
    return { frames, cursor: recent.cursor }
  }
}

const topicOf = (room: Room) => `group:${room.groupId}`
