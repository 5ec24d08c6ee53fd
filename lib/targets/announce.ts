// Tells watchers and workers what changed in a group, in the transaction that changes it.
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { groupOfWatchers, WORKERS } from '#lib/channels/names.ts'
import type { Tx } from '#lib/db/client.ts'
import { rangesOf } from './ranges.ts'

type Announcing = { channels: ChannelLayer; tx: Tx }

/** Targets came, changed or went: watchers read those of their numbers again. */
export async function announceTargets(
  { channels, tx }: Announcing,
  groupId: string,
  changed: readonly { n: number }[],
): Promise<void> {
  if (changed.length === 0) return
  const message = { type: 'targets.changed', n: rangesOf(changed.map(({ n }) => n)) }
  await channels.groupSend(groupOfWatchers(groupId), message, { tx })
}

/** Name, parameters or count of targets changed: watchers read the group again. */
export async function announceGroup({ channels, tx }: Announcing, groupId: string): Promise<void> {
  await channels.groupSend(groupOfWatchers(groupId), { type: 'group.changed' }, { tx })
}

/** The group is gone. */
export async function announceRemoval(
  { channels, tx }: Announcing,
  groupId: string,
): Promise<void> {
  await channels.groupSend(groupOfWatchers(groupId), { type: 'group.removed' }, { tx })
}

/** What must be pinged changed: the workers read the group's runs again. */
export async function announceRoster({ channels, tx }: Announcing, groupId: string): Promise<void> {
  await channels.groupSend(WORKERS, { type: 'roster.changed', group_id: groupId }, { tx })
}
