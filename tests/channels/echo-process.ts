// A process of its own whose one consumer answers what it is asked, by channel name.
import { createDispatcher } from '#lib/channels/handlers.ts'
import type { Message } from '#lib/channels/message.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'

const [url = '', ownName = '', nameOfParent = ''] = process.argv.slice(2)
const { pid } = process
const log = createLog('error')
const database = openDatabase({ url, name: 'echowall-echo', connections: 2 })
const channels = createPostgresLayer({ url, db: database.db, log })

await channels.receive(
  ownName,
  createDispatcher({ log, handlers: { 'echo.ask': answer, 'echo.end': end } }),
)
await channels.send(nameOfParent, { type: 'echo.ready', pid })

async function answer({ text = '', reply_to }: Message): Promise<void> {
  await channels.send(String(reply_to), { type: 'echo.answer', text, pid })
}

async function end(): Promise<void> {
  await channels.close()
  await database.close()
}
