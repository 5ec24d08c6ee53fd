// What a channel group was told, for tests of verbs that announce.
import type { ChannelLayer } from '#lib/channels/layer.ts'
import type { Message } from '#lib/channels/message.ts'

/** The messages sent to `group` from now on, in the order of their arrival. */
export async function hearGroup(channels: ChannelLayer, group: string): Promise<Message[]> {
  const heard: Message[] = []
  const channel = channels.newChannel('test')
  await channels.receive(channel, (message) => void heard.push(message))
  await channels.groupAdd(group, channel)
  return heard
}
