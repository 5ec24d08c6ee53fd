import { createServer, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { refuseUpgrade } from '#lib/live/refusal.ts'
import { createLog } from '#lib/log.ts'
import { createWebServer, type WebServer } from '#lib/server/server.ts'
import { openRaw } from '../live/conformance/raw-connection.ts'
import { makeConfig } from '../support/factories.ts'
import { until } from '../support/until.ts'

let server: WebServer
let url: string
/** What reached the pages and the live endpoint. */
const reached: { by: string; url: string; host: string; body: string }[] = []

// Pages that answer everything with 200 and the body they were sent.
async function pages(request: IncomingMessage, response: NodeJS.WritableStream): Promise<void> {
  let body = ''
  for await (const chunk of request) body += chunk
  note('pages', request, body)
  response.end(`got ${body}`)
}

function note(by: string, request: IncomingMessage, body = ''): void {
  reached.push({ by, url: request.url ?? '', host: request.headers.host ?? '', body })
}

beforeAll(async () => {
  const log = createLog('silent')
  const database = openDatabase({ url: 'postgres://127.0.0.1:1/nothing', name: 'echowall-test' })
  const here = { db: database.db, log, channels: createMemoryLayer({ log }) }
  server = createWebServer({
    here: { ...here, config: makeConfig({ PORT: 0 }), isListening: () => true },
    live: {
      serves: (path) => path === '/live',
      async handleRequest(request, response) {
        note('live', request)
        response.end('a stream')
      },
      async handleUpgrade(request, socket) {
        note('upgrade', request)
        refuseUpgrade(socket, new Error('Upgrades end here.'))
      },
      close: async () => {},
    },
    pages,
    decoy: createServer(),
    isDevelopment: false,
  })
  url = `http://127.0.0.1:${await server.listen()}`
})
afterAll(() => server.close())

async function ask(lines: string[], body = '') {
  const raw = await openRaw(url)
  await raw.write([...lines, '', ''].join('\r\n') + body)
  const answer = await raw.answer()
  return { raw, ...answer, reached: reached.at(-1) }
}

const HOST = 'Host: wall.example'
const H2C = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']
const WEBSOCKET = ['Connection: Upgrade', 'Upgrade: websocket']

describe('an upgrade to what is not spoken here', () => {
  it('is an ordinary request', async () => {
    const answer = await ask(['GET /a?b=c HTTP/1.1', HOST, ...H2C])
    expect(answer).toMatchObject({ status: 200, body: 'got ' })
    expect(answer.reached).toMatchObject({ by: 'pages', url: '/a?b=c', host: 'wall.example' })
    answer.raw.socket.destroy()
  })

  it('may have a body, and further requests after it on the same connection', async () => {
    const second = ['GET /second HTTP/1.1', HOST, ...H2C, '', ''].join('\r\n')
    const posted = ['POST /first HTTP/1.1', HOST, ...H2C, 'Content-Length: 5']
    const { raw, ...first } = await ask(posted, `héll${second}`)
    expect(first).toMatchObject({ status: 200, body: 'got héll' })
    await until(() => reached.at(-1)?.url === '/second')
    await raw.write(second.replace('second', 'third'))
    await until(() => reached.at(-1)?.url === '/third')
    raw.socket.destroy()
  })

  it('may have a body in chunks that comes later', async () => {
    const raw = await openRaw(url)
    const head = ['POST /chunks HTTP/1.1', HOST, ...H2C, 'Transfer-Encoding: chunked', '', '']
    await raw.write(head.join('\r\n'), 'byte by byte')
    await raw.write('3\r\none\r\n')
    await raw.write('3\r\ntwo\r\n0\r\n\r\n')
    expect(await raw.answer()).toMatchObject({ status: 200, body: 'got onetwo' })
    raw.socket.destroy()
  })

  it('reaches the event stream too, and in HTTP/1.0 whatever it asks for', async () => {
    const stream = await ask(['GET /live HTTP/1.1', HOST, ...H2C])
    expect(stream).toMatchObject({ status: 200, body: 'a stream' })
    const old = await ask(['GET /live HTTP/1.0', HOST, ...WEBSOCKET])
    expect(old.reached).toMatchObject({ by: 'live' })
    for (const { raw } of [stream, old]) raw.socket.destroy()
  })

  it('is not what WebSocket among others is; that elsewhere is refused', async () => {
    const live = await ask([
      'GET /live HTTP/1.1',
      HOST,
      'Connection: Upgrade',
      'Upgrade: a, WebSocket',
    ])
    expect(live.reached).toMatchObject({ by: 'upgrade' })
    expect((await ask(['GET /a HTTP/1.1', HOST, ...WEBSOCKET])).status).toBe(404)
  })
})

describe('a target in absolute form', () => {
  it('counts as its path, and its host in place of the Host header', async () => {
    const cases = {
      'http://a.example/b?c=d': '/b?c=d',
      'HTTP://a.example': '/',
      'http://a.example?x': '/?x',
    }
    for (const [target, path] of Object.entries(cases)) {
      const answer = await ask([`GET ${target} HTTP/1.1`, HOST])
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.reached).toMatchObject({ by: 'pages', url: path, host: 'a.example' })
      answer.raw.socket.destroy()
    }
  })

  it('reaches the live endpoint, asked for or upgraded', async () => {
    const stream = await ask(['GET http://a.example/live HTTP/1.1', HOST])
    expect(stream.reached).toMatchObject({ by: 'live', url: '/live' })
    const upgrade = await ask(['GET http://a.example/live?x HTTP/1.1', HOST, ...WEBSOCKET])
    expect(upgrade.reached).toMatchObject({ by: 'upgrade', url: '/live?x', host: 'a.example' })
    for (const { raw } of [stream, upgrade]) raw.socket.destroy()
  })

  it('without a host, or with a name in front of it, is refused', async () => {
    const before = reached.length
    for (const extra of [[], WEBSOCKET]) {
      for (const target of ['http:///live', 'http://somebody@a.example/live']) {
        const { status, raw } = await ask([`GET ${target} HTTP/1.1`, HOST, ...extra])
        expect(status).toBe(400)
        raw.socket.destroy()
      }
    }
    expect(reached.length).toBe(before)
  })
})

describe('the connection of a refused upgrade', () => {
  it('is closed', async () => {
    const { raw } = await ask(['GET /a HTTP/1.1', HOST, ...WEBSOCKET])
    await until(() => raw.said.includes('end'))
  })
})
