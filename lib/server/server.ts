// One port: the live endpoint first, operators second, Next for the rest.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Config } from '#lib/config.ts'
import { AppError } from '#lib/errors.ts'
import { MAX_BODY_BYTES } from '#lib/http/body.ts'
import type { House } from '#lib/http/house.ts'
import { answerOps } from '#lib/http/ops.ts'
import { isAllowedOrigin } from '#lib/http/origin.ts'
import type { LiveEndpoint } from '#lib/live/endpoint.ts'
import { foreignOrigin, refuseRequest, refuseUpgrade } from '#lib/live/refusal.ts'
import { clientAddress } from './client-address.ts'
import { pathOf, readTarget } from './request-target.ts'
import { createSecurityHeaders } from './security-headers.ts'
import { asksForWebSocket, takeAsOrdinary } from './unwanted-upgrade.ts'

/** How long open requests may take to finish at the end. */
const DRAIN_MS = 3_000

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export type ServerOptions = {
  here: House & { isListening(): boolean }
  live: LiveEndpoint
  /** Next's request handler. */
  pages: PageHandler
  /** Where Next hangs its own upgrade listener; it never listens itself. Only development uses it. */
  decoy: Server
  isDevelopment: boolean
}

export type WebServer = { listen(): Promise<number>; close(): Promise<void> }

export function createWebServer(options: ServerOptions): WebServer {
  const { here, live, pages, decoy, isDevelopment } = options
  const { config, log } = here
  const server = createServer((request, response) => void handle(request, response))
  server.on('upgrade', (request, socket, head) => handleUpgrade(request, socket, head))
  return { listen, close }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await serve(request, response)
    } catch (error) {
      if (!(error instanceof AppError)) log.error({ err: error }, 'a request failed')
      refuseRequest(response, error)
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    readTarget(request)
    const path = pathOf(request)
    const security = createSecurityHeaders(config.BASE_URL, isDevelopment)
    const requestId = randomUUID()
    response.setHeader('x-request-id', requestId)
    for (const [name, value] of Object.entries(security.headers)) response.setHeader(name, value)
    if (live.serves(path)) return await live.handleRequest(request, response)

    const ops = await answerOps(here, path)
    if (ops) {
      response.writeHead(ops.status, { 'content-type': ops.contentType }).end(ops.body)
      return
    }
    checkPath(path)
    checkOrigin(request, config)
    checkLength(request)
    request.headers['x-request-id'] = requestId
    request.headers['x-echowall-client'] = clientAddress(request, config.TRUST_PROXY)
    request.headers['content-security-policy'] = security.policy
    request.headers['x-nonce'] = security.nonce
    await pages(request, response)
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (asksForWebSocket(request)) upgrade(request, socket, head)
    else takeAsOrdinary(server, request, socket, head)
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      readTarget(request)
      // ws knows it only as a word alone.
      request.headers.upgrade = 'websocket'
      const path = pathOf(request)
      if (live.serves(path)) void live.handleUpgrade(request, socket, head)
      else if (isDevelopment && path.startsWith('/_next/')) {
        decoy.emit('upgrade', request, socket, head)
      } else throw new AppError('not_found', 'There is no such path.')
    } catch (error) {
      socket.on('error', () => {})
      refuseUpgrade(socket, error)
    }
  }

  function listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(config.PORT, config.HOST, () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : config.PORT)
      })
    })
  }

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref()
    })
  }
}

// Next answers a malformed escape with a bare 500.
function checkPath(path: string): void {
  try {
    decodeURIComponent(path)
  } catch (cause) {
    throw new AppError('invalid', 'The path holds a malformed percent-escape.', { cause })
  }
}

// Browsers send an Origin with every changing request; one without is no browser's.
function checkOrigin({ method = 'GET', headers }: IncomingMessage, config: Config): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return
  const { origin } = headers
  if (origin !== undefined && !isAllowedOrigin(origin, config)) {
    throw foreignOrigin()
  }
}

// Told before the body is read; a body without a length is bounded where it is read.
function checkLength({ headers }: IncomingMessage): void {
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    throw new AppError('invalid', 'The body is larger than 1 MiB. Send it in several requests.', {
      status: 413,
    })
  }
}
