// The live endpoint of one web process: every connection it holds, whatever the transport.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Undo } from '#lib/channels/layer.ts'
import { AppError } from '#lib/errors.ts'
import type { House } from '#lib/http/house.ts'
import { isAllowedOrigin } from '#lib/http/origin.ts'
import { wrongMethod } from '#lib/http/problem.ts'
import { CLOSE } from './close-codes.ts'
import type { Connection } from './connection.ts'
import type { ConsumerFactory } from './consumers/consumer.ts'
import { createHub } from './hub.ts'
import { pollTopic } from './polling.ts'
import { createPostedFrames, readPosted } from './posted-frames.ts'
import { beatAt, createReader, type Reader } from './reader.ts'
import { countReaders } from './reader-metrics.ts'
import {
  checkHandshake,
  foreignOrigin,
  refuseRequest,
  refuseUpgrade,
  upgradeRequired,
} from './refusal.ts'
import { connectionOfPath, type Found, findConsumer } from './routing.ts'
import { requireScope, type Scope } from './scope.ts'
import { openEventStream } from './sse.ts'
import { createWebSocketTransport } from './websocket.ts'

const PULSE_MS = 250
/** After a restart readers come back spread over this time. */
const RETURN_WITHIN_MS = 2_000

export type LiveEndpoint = {
  /** Whether the path is the endpoint's own. */
  serves(path: string): boolean
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Says good-bye to every reader and hears nothing more. */
  close(): Promise<void>
}

export async function createLiveEndpoint(house: House): Promise<LiveEndpoint> {
  const here = { ...house, log: house.log.child({ scope: 'live' }) }
  const { channels, config } = here
  const hub = await createHub(here)
  const posted = await createPostedFrames(here)
  const webSockets = createWebSocketTransport()
  const readers = new Set<Reader>()
  const uncount = countReaders(readers)
  const pulse = setInterval(() => {
    const beat = beatAt(hub.now())
    for (const reader of readers) reader.pulse(beat)
  }, PULSE_MS)

  return {
    serves: (path) => Boolean(findConsumer('websocket', path) ?? connectionOfPath(path)),
    async handleRequest(request, response) {
      try {
        await answer(request, response)
      } catch (error) {
        tell(error)
        refuseRequest(response, error)
      }
    },
    async handleUpgrade(request, socket, head) {
      // Before the first await: a reader that resets meanwhile would end the process.
      socket.on('error', () => {})
      try {
        await upgrade(request, socket, head)
      } catch (error) {
        tell(error)
        refuseUpgrade(socket, error)
      }
    },
    async close() {
      clearInterval(pulse)
      uncount()
      for (const reader of [...readers]) {
        reader.end(
          CLOSE.goingAway,
          'The server stops.',
          Math.round(Math.random() * RETURN_WITHIN_MS),
        )
      }
      webSockets.close()
      await posted.close()
      await hub.close()
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, accept = '' } = request.headers
    if (origin !== undefined && !isAllowedOrigin(origin, config)) throw foreignOrigin()
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const connection = connectionOfPath(pathname)
    if (connection !== undefined) return await receivePost(request, response, connection)
    if (request.method !== 'GET') throw wrongMethod('GET')
    if (accept.includes('text/event-stream')) {
      await openStream(request, response, consumerOf('sse', pathname))
    } else if (accept.includes('application/json')) {
      await poll(request, response, consumerOf('polling', pathname))
    } else throw upgradeRequired()
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const { consumer, params } = consumerOf('websocket', pathname)
    checkHandshake(request, config)
    const scope = await requireScope(here, request, 'websocket', params)
    if (socket.destroyed) return
    webSockets.upgrade(request, socket, head, (open) => {
      const id = channels.newChannel('live')
      // The reader is made with its connection in hand; no frame is read before this turn ends.
      const events = {
        onFrame(text: string) {
          reader.receive(text)
        },
        onAlive() {
          reader.alive()
        },
        onClose() {
          leave(reader)
        },
      }
      const reader = enter(scope, open(id, events), consumer)
    })
  }

  async function openStream(
    request: IncomingMessage,
    response: ServerResponse,
    { consumer, params }: Found,
  ): Promise<void> {
    const scope = await requireScope(here, request, 'sse', params)
    const id = channels.newChannel('live')
    let reader: Reader | undefined
    const unhear: Undo = await posted.hear(id, sessionOf(scope), (text) => reader?.receive(text))
    const onClose = () => {
      if (reader) leave(reader)
      void unhear()
    }
    if (response.destroyed) return onClose()
    reader = enter(scope, openEventStream(response, id, onClose), consumer)
  }

  async function receivePost(
    request: IncomingMessage,
    response: ServerResponse,
    connection: string,
  ): Promise<void> {
    if (request.method !== 'POST') throw wrongMethod('POST')
    if (request.headers.origin === undefined) throw foreignOrigin()
    const scope = await requireScope(here, request, 'post', { connection })
    await posted.post(connection, sessionOf(scope), await readPosted(request))
    response.writeHead(202, { 'cache-control': 'no-store' }).end()
  }

  async function poll(
    request: IncomingMessage,
    response: ServerResponse,
    { params }: Found,
  ): Promise<void> {
    const scope = await requireScope(here, request, 'polling', params)
    const frames = [...(await pollTopic(here, hub, scope)), hub.storage() ?? []].flat()
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    response.writeHead(200, headers).end(`[${frames.join(',')}]`)
  }

  function enter(scope: Scope, connection: Connection, createConsumer: ConsumerFactory): Reader {
    const reader = createReader({ here, hub, scope, connection, createConsumer })
    readers.add(reader)
    return reader
  }

  function leave(reader: Reader): void {
    reader.disconnect()
    readers.delete(reader)
  }

  function tell(error: unknown): void {
    if (!(error instanceof AppError)) here.log.error({ err: error }, 'a live request failed')
  }
}

function consumerOf(transport: Scope['transport'], path: string): Found {
  const found = findConsumer(transport, path)
  if (!found) throw new AppError('not_found', 'There is no such path.')
  return found
}

function sessionOf({ actor }: Scope): string {
  return actor.kind === 'user' ? actor.sessionId : ''
}
