// The yardstick: notifications of PostgreSQL to sockets, by ws and postgres.js alone.
import postgres from 'postgres'
import { type WebSocket, WebSocketServer } from 'ws'

const [url = ''] = process.argv.slice(2)
const rooms = new Map<string, Set<WebSocket>>()
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })

server.on('connection', (socket, request) => {
  const room = request.url ?? '/'
  const sockets = rooms.get(room) ?? new Set()
  rooms.set(room, sockets.add(socket))
  socket.on('close', () => sockets.delete(socket))
  socket.on('error', () => {})
})

const sql = postgres(url, { max: 1, onnotice: () => {} })
await sql.listen('bare', (payload) => {
  const { room, samples } = JSON.parse(payload)
  const event = { type: 'samples.arrived', samples }
  const frame = Buffer.from(JSON.stringify({ type: 'event', topic: room, event }))
  for (const socket of rooms.get(room) ?? []) socket.send(frame, { binary: false })
})

const address = server.address()
process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
process.once('disconnect', () => process.exit(0))
