// The NOTIFY channels that processes share: on them every announcement is heard.
import { notifyChannelOf } from '#lib/channels/wire.ts'

/** Every NOTIFY channel that processes share. */
export function sharedNames(): Set<string> {
  const names = Array.from({ length: 1_000 }, (_, i) => [
    notifyChannelOf({ to: 'group', name: `g${i}` }),
    notifyChannelOf({ to: 'channel', name: `c${i}` }),
  ])
  return new Set(names.flat())
}
