import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { checkHandshake, refuseUpgrade } from '#lib/live/refusal.ts'
import { type Asked, bareRequest } from '../support/bare-request.ts'

const config = { BASE_URL: 'https://wall.example' }

const GOOD = {
  host: 'wall.example',
  origin: config.BASE_URL,
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

// The status a handshake is refused with; 101 when it is none.
function statusOf({ httpVersion = '1.1', headers, ...asked }: Asked = {}): number {
  const request = bareRequest({ ...asked, httpVersion, headers: { ...GOOD, ...headers } })
  try {
    checkHandshake(request, config)
    return 101
  } catch (error) {
    return error instanceof AppError ? error.status : 0
  }
}

describe('a handshake', () => {
  it('is good with our subprotocol among others, or with none', () => {
    expect(statusOf()).toBe(101)
    expect(statusOf({ headers: { 'sec-websocket-protocol': 'other, echowall.v1' } })).toBe(101)
  })

  it('is judged by its method before its origin, by its origin before the rest', () => {
    const foreign = { origin: 'https://evil.example', 'sec-websocket-version': '8' }
    expect(statusOf({ method: 'POST', headers: foreign })).toBe(405)
    expect(statusOf({ headers: foreign })).toBe(403)
    expect(statusOf({ headers: { ...foreign, origin: undefined } })).toBe(403)
  })

  it('needs HTTP/1.1, version 13, a key of 16 bytes, and a subprotocol of ours', () => {
    expect(statusOf({ httpVersion: '1.0' })).toBe(426)
    expect(statusOf({ headers: { upgrade: 'h2c' } })).toBe(426)
    expect(statusOf({ headers: { 'sec-websocket-version': '8' } })).toBe(426)
    expect(statusOf({ headers: { 'sec-websocket-version': undefined } })).toBe(426)
    expect(statusOf({ headers: { 'sec-websocket-key': undefined } })).toBe(400)
    expect(statusOf({ headers: { 'sec-websocket-key': 'short' } })).toBe(400)
    expect(statusOf({ headers: { 'sec-websocket-protocol': 'other' } })).toBe(400)
  })
})

describe('a refused upgrade', () => {
  it('is answered whole and lets the socket go, though the reader never closes it', async () => {
    const server = createServer({ allowHalfOpen: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = connect({ port: portOf(server.address()), allowHalfOpen: true })
    const [socket]: Socket[] = await once(server, 'connection')
    let answer = ''
    client.on('data', (data) => {
      answer += data
    })
    if (!socket) throw new Error('Nobody came.')
    refuseUpgrade(socket, new AppError('unauthenticated', 'Sign in.'))
    await Promise.all([once(socket, 'close'), once(client, 'end')])
    expect(answer).toMatch(/^HTTP\/1\.1 401 .*"detail":"Sign in\."}$/s)
    client.destroy()
    server.close()
  })
})

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}
