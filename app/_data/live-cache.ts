// Puts what the live connection tells into the caches of this tab: groups, rows, results.
import type { QueryClient } from '@tanstack/react-query'
import type { Group } from '#lib/groups/contract.ts'
import {
  type GroupEvent,
  groupIdOfTopic,
  type Replay,
  type ServerFrame,
  type Snapshot,
} from '#lib/live/protocol.ts'
import { setCards } from './groups.ts'
import { marksQuery } from './marks.ts'
import type { SampleStore } from './sample-store.ts'
import { byPosition, dropTargets, putTargets, targetsQuery } from './targets.ts'

export type LiveCache = {
  /** `before` is the cursor the topic had reached before this frame. */
  apply(frame: ServerFrame, before: string | undefined): void
}

export function createLiveCache(client: QueryClient, samples: SampleStore): LiveCache {
  return {
    apply(frame, before) {
      if (!('topic' in frame)) return
      const groupId = groupIdOfTopic(frame.topic)
      if (groupId === undefined) return
      if (frame.type === 'snapshot') applySnapshot(groupId, frame, before)
      else if (frame.type === 'replay') applyReplay(groupId, frame)
      else if (frame.type === 'event') applyEvent(groupId, frame.event)
      else leave(groupId)
    },
  }

  function applySnapshot(groupId: string, frame: Snapshot, before: string | undefined): void {
    const { group, role, targets } = frame
    if (group) putGroup({ ...group, ...(role && { role }) })
    if (targets) {
      const sorted = [...targets].sort(byPosition)
      client.setQueryData(targetsQuery(groupId).queryKey, sorted)
    }
    samples.merge(groupId, frame.samples)
    // Until the last frame of a snapshot a missing result may still be on its way.
    if (frame.more) return
    const unbrokenToMs = before === undefined ? undefined : Date.parse(before)
    const fromMs = Date.parse(frame.complete_from)
    samples.begin(groupId, { fromMs, unbrokenToMs, tally: frame.tally })
  }

  function applyReplay(groupId: string, { strips, complete_from }: Replay): void {
    for (const strip of strips) samples.load(groupId, strip, Date.parse(complete_from))
  }

  function applyEvent(groupId: string, event: GroupEvent): void {
    if (event.type === 'samples.arrived') samples.merge(groupId, event.samples)
    else if (event.type === 'group.changed') putGroup(event.group)
    else if (event.type === 'marks.changed') void client.invalidateQueries(marksQuery(groupId))
    else {
      dropTargets(client, groupId, event.removed)
      putTargets(client, groupId, event.targets)
    }
  }

  function putGroup(group: Group): void {
    setCards(client, (cards) =>
      cards.map((card) => (card.id === group.id ? { ...card, ...group } : card)),
    )
  }

  // Deleted, or no longer shared with this person: to both the group is simply not there.
  function leave(groupId: string): void {
    setCards(client, (cards) => cards.filter(({ id }) => id !== groupId))
    client.removeQueries(targetsQuery(groupId))
    samples.forget(groupId)
  }
}
