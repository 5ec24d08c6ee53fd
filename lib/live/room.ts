// One followed group: hears its messages, reads what they hint at, encodes once.
import { createDispatcher } from '#lib/channels/handlers.ts'
import type { Undo } from '#lib/channels/layer.ts'
import type { Message } from '#lib/channels/message.ts'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { readGroup } from '#lib/groups/read.ts'
import type { House } from '#lib/http/house.ts'
import { readCursor } from '#lib/samples/read.ts'
import { readTargetsByNumber } from '#lib/targets/read.ts'
import { type Follower, tellEach } from './follower.ts'
import { encodeEvent, TARGETS_PER_EVENT, toLiveTarget } from './frames.ts'
import { GroupMessages } from './messages.ts'
import type { WrittenEvent } from './protocol.ts'
import { shareFrame } from './shared-frame.ts'

export type Room = {
  readonly followers: Set<Follower>
  /** How many messages the followers have had. */
  delivered(): number
  /** Resolves once every later message is heard. */
  entered: Promise<void>
  leave(): Promise<void>
}

/** Each room has a channel of its own: its messages stay in order and crowd out no other room's. */
export function createRoom({ channels, db, log }: House, groupId: string): Room {
  const topic = `group:${groupId}`
  const group = groupOfWatchers(groupId)
  const channel = channels.newChannel('room')
  const followers = new Set<Follower>()
  const undos: Undo[] = []
  let cursor = ''
  let delivered = 0
  const entered = enter()

  return {
    followers,
    delivered: () => delivered,
    entered,
    async leave() {
      await entered.catch(() => {})
      for (const undo of undos.splice(0).reverse()) await undo()
    },
  }

  async function enter(): Promise<void> {
    cursor = await readCursor(db)
    undos.push(channels.on('drop', (dropped) => dropped === channel && tellMissed()))
    undos.push(await channels.receive(channel, createDispatcher({ handlers: handlers(), log })))
    await channels.groupAdd(group, channel)
    undos.push(() => channels.groupDiscard(group, channel))
  }

  function handlers() {
    return {
      'samples.arrived': (message: Message) => {
        const arrived = GroupMessages['samples.arrived'].parse(message)
        cursor = arrived.cursor
        deliver({ type: 'samples.arrived', samples: arrived.samples })
      },
      'targets.changed': async (message: Message) => {
        await tellTargets(GroupMessages['targets.changed'].parse(message).n)
      },
      'group.changed': tellGroup,
      'marks.changed': () => deliver({ type: 'marks.changed' }),
      'group.removed': tellEnded,
    }
  }

  async function tellTargets(ranges: [number, number][]): Promise<void> {
    const { targets, removed } = await readTargetsByNumber(db, groupId, ranges)
    for (let i = 0; i < Math.max(targets.length, removed.length); i += TARGETS_PER_EVENT) {
      const end = i + TARGETS_PER_EVENT
      const told = targets.slice(i, end).map(toLiveTarget)
      const part = { targets: told, removed: removed.slice(i, end) }
      deliver({ type: 'targets.changed', ...part })
    }
  }

  async function tellGroup(): Promise<void> {
    const changed = await readGroup(db, groupId)
    if (changed) deliver({ type: 'group.changed', group: changed })
    else tellEnded()
  }

  function deliver(event: WrittenEvent): void {
    const frame = shareFrame(encodeEvent(topic, cursor, event))
    delivered += 1
    // As `tellEach`, without a call in between: nothing in this house runs more often.
    for (const follower of followers) {
      try {
        follower.deliver(frame, cursor)
      } catch (error) {
        follower.fail(error)
      }
    }
  }

  function tellEnded(): void {
    tellEach([...followers], (follower) => follower.ended())
  }

  function tellMissed(): void {
    tellEach([...followers], (follower) => follower.missed())
  }
}
