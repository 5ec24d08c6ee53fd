// `npm run channels`: speaks through the channel layer from outside any connection.
import { existsSync } from 'node:fs'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { openChannelLayer } from '#lib/channels/open-layer.ts'
import { readConfig } from '#lib/config.ts'
import { isDatabaseAway, openDatabase } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { type ChannelCommand, type ListenCommand, readChannelCommand } from './channel-command.ts'
import { LaunchFault } from './launch-fault.ts'
import { findOwnDatabase } from './own-database.ts'
import { createStopping } from './stopping.ts'

const stopping = createStopping()
try {
  const command = readChannelCommand(process.argv.slice(2))
  const channels = await open()
  await obey(command, channels)
  if (command.kind !== 'listen') await stopping.end(0)
} catch (error) {
  console.error(explain(error))
  await stopping.end(1)
}

async function open(): Promise<ChannelLayer> {
  if (existsSync('.env')) process.loadEnvFile?.('.env')
  const config = readConfig()
  const url = config.DATABASE_URL ?? (await findOwnDatabase(config.DATA_DIR))
  if (!url) {
    throw new LaunchFault(
      `Nothing within your reach runs with the data in ${config.DATA_DIR}: start Echowall with npm start, or set DATABASE_URL.`,
    )
  }
  const database = openDatabase({ url, name: 'echowall-channels', connections: 2 })
  stopping.onClose(database.close)
  const log = createLog('silent')
  const settings = { CHANNEL_LAYER: config.CHANNEL_LAYER, DATABASE_URL: url }
  const channels = openChannelLayer({ config: settings, db: database.db, log })
  stopping.onClose(channels.close)
  return channels
}

async function obey(command: ChannelCommand, channels: ChannelLayer): Promise<void> {
  switch (command.kind) {
    case 'send':
      return await channels.send(command.name, command.message)
    case 'group-send':
      return await channels.groupSend(command.name, command.message)
    case 'listen':
      return await listen(command, channels)
  }
}

async function listen(names: ListenCommand, channels: ChannelLayer): Promise<void> {
  channels.on('gap', () => console.error('Messages may have been lost.'))
  channels.on('drop', (channel) => console.error(`A message to ${channel} was dropped.`))
  for (const name of names.channels) await hear(name, name)
  for (const group of names.groups) {
    const channel = channels.newChannel('listen')
    await hear(channel, group)
    await channels.groupAdd(group, channel)
  }
  console.error(`Listening to ${[...names.channels, ...names.groups].join(', ')}.`)

  // One line for each message: the name it came by, and the message as JSON.
  function hear(channel: string, name: string) {
    return channels.receive(channel, (message) => console.log(name, JSON.stringify(message)))
  }
}

function explain(error: unknown): string {
  if (isDatabaseAway(error)) {
    return 'The database does not answer: start Echowall with npm start, or correct DATABASE_URL.'
  }
  return error instanceof Error ? error.message : String(error)
}
