import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { CLOSE } from '#lib/live/close-codes.ts'
import { SUBPROTOCOL } from '#lib/live/protocol.ts'
import { openReader } from '../support/live-reader.ts'
import { makeColleague, type Person, personWith, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'

let program: Program
let admin: Person
beforeAll(async () => {
  program = await startProgram()
  admin = await signIn(program.url)
})
afterAll(() => program?.stop())

describe('a refused connection', () => {
  const upgrade = (headers: Record<string, string>, protocols: string[] = []) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${program.url.replace('http', 'ws')}/live`, protocols, {
        headers,
      })
      socket.once('unexpected-response', (_, response) => {
        resolve(response.statusCode ?? 0)
        socket.terminate()
      })
      socket.once('open', () => {
        resolve(101)
        socket.terminate()
      })
      socket.on('error', () => {})
    })

  it('gets an ordinary answer that says why', async () => {
    const { cookie } = admin
    const origin = program.url
    expect(await upgrade({ origin, cookie })).toBe(101)
    expect(await upgrade({ origin }, [SUBPROTOCOL])).toBe(401)
    expect(await upgrade({ cookie }, [SUBPROTOCOL])).toBe(403)
    expect(await upgrade({ cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await upgrade({ origin, cookie }, ['graphql-ws'])).toBe(400)
  })

  it('is told to upgrade when it only asks', async () => {
    const answer = await admin.ask('GET', '/live')
    expect(answer.status).toBe(426)
    expect(answer.headers.get('upgrade')).toBe('websocket')
  })

  it('is told the methods of a path that was asked by another', async () => {
    const answers = [await admin.ask('DELETE', '/live'), await admin.ask('PUT', '/live/x', {})]
    expect(answers.map(({ status }) => status)).toEqual([405, 405])
    expect(answers.map(({ headers }) => headers.get('allow'))).toEqual(['GET', 'POST'])
  })

  it('gets 401 on an event stream without a session', async () => {
    const headers = { accept: 'text/event-stream' }
    expect((await fetch(`${program.url}/live`, { headers })).status).toBe(401)
  })
})

describe('a bad frame', () => {
  const closeAfter = async (data: string | Buffer) => {
    const socket = new WebSocket(`${program.url.replace('http', 'ws')}/live`, [SUBPROTOCOL], {
      headers: { cookie: admin.cookie, origin: program.url },
    })
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.on('error', () => {})
    socket.once('open', () => socket.send(data))
    return await closed
  }

  it('ends its own connection with the code that says why', async () => {
    expect(await closeAfter(Buffer.from([1, 2, 3]))).toBe(CLOSE.unsupportedData)
    expect(await closeAfter('x'.repeat(2 * 1024 * 1024))).toBe(CLOSE.tooLarge)
    expect(await closeAfter('{"type":"__proto__"}')).toBe(CLOSE.invalidFrame)
    expect((await admin.ask('GET', '/healthz')).status).toBe(200)
  })

  it('posted to a connection of somebody else finds nothing, and without an Origin is refused', async () => {
    const reader = await openReader('sse', program.url, admin)
    const { connection } = await reader.next('welcome')
    const stranger = await makeColleague(program.url, admin)
    for (const name of [connection, `${connection}x`, 'live.nobody!nothing', 'a b']) {
      const answer = await stranger.ask('POST', `/live/${encodeURIComponent(name)}`, {
        type: 'pong',
      })
      expect(answer.status).toBe(404)
    }
    const originless = {
      method: 'POST',
      headers: { cookie: admin.cookie },
      body: '{"type":"pong"}',
    }
    const url = `${program.url}/live/${encodeURIComponent(connection)}`
    expect((await fetch(url, originless)).status).toBe(403)
    const anonymous = personWith(program.url, '')
    const path = `/live/${encodeURIComponent(connection)}`
    expect((await anonymous.ask('POST', path, { type: 'pong' })).status).toBe(401)
    reader.close()
    await reader.closed
  })
})
