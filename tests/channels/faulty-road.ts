// A road to PostgreSQL that can fail in silence, as poolers and frozen servers do.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

const NOTIFICATION_RESPONSE = 'A'.charCodeAt(0)
const HEADER_BYTES = 5

export type FaultyRoad = {
  /** The database's address by this road. */
  url: string
  /** From now on notifications get lost, as behind a transaction pooler. */
  loseNotifications(): void
  /** The connections of now stay open and say nothing more; new ones work. */
  freeze(): void
  close(): Promise<void>
}

export async function openFaultyRoad(databaseUrl: string): Promise<FaultyRoad> {
  const target = new URL(databaseUrl)
  const upstreams = new Set<Socket>()
  let losesNotifications = false
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    upstreams.add(upstream)
    tieTogether(client, upstream)
    client.pipe(upstream)
    upstream.on(
      'data',
      splitMessages((message) => {
        const isLost = losesNotifications && message[0] === NOTIFICATION_RESPONSE
        if (!isLost) client.write(message)
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`

  return {
    url: url.href,
    loseNotifications() {
      losesNotifications = true
    },
    freeze() {
      for (const upstream of upstreams) upstream.pause()
    },
    async close() {
      for (const upstream of upstreams) upstream.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function tieTogether(client: Socket, upstream: Socket): void {
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.on('error', () => socket.destroy())
    socket.on('close', () => other.destroy())
  }
}

// Each backend message is a type byte and a length that counts itself (PostgreSQL: Message Formats).
function splitMessages(pass: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= HEADER_BYTES && rest.length > rest.readUInt32BE(1)) {
      const end = rest.readUInt32BE(1) + 1
      pass(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}
