// Who listens here: every consumer of the process, and one room for each group they follow.
import type { Undo } from '#lib/channels/layer.ts'
import { ACCESS } from '#lib/channels/names.ts'
import type { House } from '#lib/http/house.ts'
import { type Follower, type Member, tellEach } from './follower.ts'
import { AccessChange } from './messages.ts'
import { createRightsReader, type RightsReader } from './rights-reader.ts'
import { createRoom, type Room } from './room.ts'
import { openServerTime } from './server-time.ts'
import { shareFrame } from './shared-frame.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'
import { openStorageNews } from './storage-news.ts'

/** How often it is looked for sessions that have expired: they end within a second. */
const EXPIRY_PERIOD_MS = 500

export type Hub = {
  readonly snapshots: Snapshots
  readonly rights: RightsReader
  /** What frames say that time it is. */
  now(): string
  /** What everybody is to know of the store of results; nothing where all is well. */
  storage(): string | undefined
  /** Registers a consumer for as long as it lives; it is suspended at once while nothing is heard. */
  join(member: Member): () => void
  /** Resolves once every later message of the group is delivered. The caller has checked the right. */
  follow(groupId: string, follower: Follower): Promise<() => void>
  close(): Promise<void>
}

/** Opens the process's one ear: it hears changes of rights from now on, and groups once they are followed. */
export async function createHub(house: House): Promise<Hub> {
  const here = { ...house, log: house.log.child({ scope: 'hub' }) }
  const { channels, log } = here
  const members = new Set<Member>()
  const rooms = new Map<string, Room>()
  const snapshots = createSnapshots(here, (groupId) => rooms.get(groupId)?.delivered() ?? -1)
  const time = await openServerTime(here)
  const storage = await openStorageNews(here, (frame) => {
    const shared = shareFrame(frame)
    tellEach(members, (member) => member.announce(shared))
  })
  const expiry = setInterval(recheckExpired, EXPIRY_PERIOD_MS).unref()
  let isDeaf = false
  const undos: Undo[] = [
    channels.on('state', ({ listening }) => {
      isDeaf = !listening
      if (isDeaf) tellEach(members, (member) => member.suspend())
    }),
    channels.on('gap', () => {
      snapshots.forget()
      storage.refresh()
      tellEach(members, (member) => member.resume())
    }),
    await hearRights(),
  ]

  return {
    snapshots,
    rights: createRightsReader(here),
    now: time.now,
    storage: storage.frame,
    join(member) {
      members.add(member)
      const told = storage.frame()
      if (told !== undefined) member.announce(told)
      if (isDeaf) member.suspend()
      return leaveHub

      function leaveHub(): void {
        members.delete(member)
      }
    },
    follow,
    async close() {
      clearInterval(expiry)
      time.close()
      await storage.close()
      for (const groupId of [...rooms.keys()]) await leave(groupId)
      for (const undo of undos) await undo()
    },
  }

  async function hearRights(): Promise<Undo> {
    const channel = channels.newChannel('rights')
    // What is not understood may concern anybody.
    const recheck = (message: unknown) => {
      const change = AccessChange.safeParse(message).data ?? {}
      tellEach(members, (member) => member.recheck(change))
    }
    const undrop = channels.on('drop', (dropped) => dropped === channel && recheck({}))
    const unreceive = await channels.receive(channel, recheck)
    await channels.groupAdd(ACCESS, channel)
    return async () => {
      undrop()
      await channels.groupDiscard(ACCESS, channel)
      await unreceive()
    }
  }

  // A session that was used meanwhile is found to live on.
  function recheckExpired(): void {
    const nowMs = time.nowMs()
    const expired = [...members].filter((member) => member.endsAtMs() <= nowMs)
    tellEach(expired, (member) => member.recheck({}))
  }

  async function follow(groupId: string, follower: Follower): Promise<() => void> {
    const room = rooms.get(groupId) ?? createRoom(here, groupId)
    rooms.set(groupId, room)
    room.followers.add(follower)
    try {
      await room.entered
    } catch (error) {
      unfollow()
      throw error
    }
    return unfollow

    function unfollow(): void {
      room.followers.delete(follower)
      if (room.followers.size === 0 && rooms.get(groupId) === room) void leave(groupId)
    }
  }

  async function leave(groupId: string): Promise<void> {
    const room = rooms.get(groupId)
    rooms.delete(groupId)
    try {
      await room?.leave()
    } catch (error) {
      log.warn({ err: error, group: groupId }, 'a room could not be left')
    }
  }
}
