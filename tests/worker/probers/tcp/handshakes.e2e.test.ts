import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '#lib/clock.ts'
import { beginHandshake } from '../../../../worker/probers/tcp/handshake.ts'
import { createTcpProber } from '../../../../worker/probers/tcp/prober.ts'
import { until } from '../../../support/until.ts'
import { openProbing, type Probing, probeOf, roundTripsUs } from '../probing.ts'

const TIME_WAIT = '06'
const LISTENING = '0A'

let probing: Probing
let child: ChildProcess | undefined
const servers: Server[] = []

beforeEach(async () => {
  probing = await openProbing(async (options) => createTcpProber(options))
})
afterEach(async () => {
  await probing.prober.close()
  child?.kill('SIGKILL')
  for (const server of servers.splice(0)) server.close()
  expect(probing.failures).toEqual([])
})

async function listen(host: string): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return (server.address() as AddressInfo).port
}

/** A port where the kernel answers until the queue is full, as nobody accepts. */
async function listenAsleep(): Promise<number> {
  const script = `const server = require('node:net').createServer()
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      process.stdout.write(String(server.address().port), () => process.stdout.end())
    })`
  const started = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  child = started
  const port = Number(await text(started.stdout))
  started.kill('SIGSTOP')
  return port
}

/** The states of the sockets on either side of this port (Linux). */
function statesOf(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)
  return lines.flatMap((line) => {
    const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/)
    return local.endsWith(`:${hex}`) || remote.endsWith(`:${hex}`) ? [state] : []
  })
}

it.each(['127.5.0.1', '::1'])(
  'times the handshake with a port that is open at %s',
  async (address) => {
    const { prober, results } = probing
    prober.start([probeOf({ id: 1, address, port: await listen(address) })])
    await until(() => results.length >= 5, 10_000)
    expect(new Set(results.map(({ outcome }) => outcome.kind))).toEqual(new Set(['reply']))
    for (const rttUs of roundTripsUs(results)) expect(rttUs).toBeLessThan(100_000)
  },
)

it.each([
  ['127.5.0.2', 3],
  ['::1', 4],
])('calls a closed port unreachable, by the word of its own host %s', async (address, code) => {
  const { prober, results } = probing
  const port = await listen(address)
  servers.pop()?.close()
  prober.start([probeOf({ id: 1, address, port })])
  await until(() => results.length > 0, 10_000)
  expect(results[0]?.outcome).toEqual({ kind: 'unreachable', from: address, code })
})

it('leaves with the source address that it is given', async () => {
  const { prober } = await openProbing(async (options) => {
    return createTcpProber({ ...options, sources: ['127.5.0.9', '::1'] })
  })
  const port = await listen('127.0.0.1')
  const peers = new Set<string>()
  servers[0]?.on('connection', ({ remoteAddress }) => {
    // Of a connection that is reset by now nobody knows any more whose it was.
    if (remoteAddress !== undefined) peers.add(remoteAddress)
  })
  prober.start([probeOf({ id: 1, port, intervalMs: 100 })])
  await until(() => peers.size > 0, 20_000)
  expect([...peers]).toEqual(['127.5.0.9'])
  await prober.close()
})

it('loses what is not answered in time', async () => {
  const { prober, of } = probing
  const open = await listen('127.0.0.1')
  const asleep = await listenAsleep()
  prober.start([
    probeOf({ id: 1, port: asleep, timeoutMs: 300 }),
    probeOf({ id: 2, port: open, timeoutMs: 300 }),
  ])
  await until(() => of(1).some(({ outcome }) => outcome.kind === 'lost'), 10_000)
  const lost = of(1).findIndex(({ outcome }) => outcome.kind === 'lost')
  await until(() => of(1).length >= lost + 3, 10_000)
  const later = of(1).slice(lost)
  expect(later.every(({ outcome }) => outcome.kind === 'lost')).toBe(true)
  expect(of(2).every(({ outcome }) => outcome.kind === 'reply')).toBe(true)
})

it('leaves no connection behind, neither open nor waiting for its time', async () => {
  const { prober, results } = probing
  const port = await listen('127.0.0.1')
  prober.start(Array.from({ length: 50 }, (_, id) => probeOf({ id, port })))
  await until(() => results.length > 500, 20_000)
  expect(statesOf(port)).not.toContain(TIME_WAIT)
  await prober.close()
  await until(() => statesOf(port).every((state) => state === LISTENING))
})

it('resets a connection that stands while its thread is too busy to know', async () => {
  const port = await listen('127.0.0.1')
  const probe = probeOf({ id: 1, port })
  const handshake = beginHandshake({ probe, clock: systemClock, sources: [], onEnd: () => {} })
  await new Promise<void>((resolve) => process.nextTick(resolve))
  const endMs = performance.now() + 5_000
  while (statesOf(port).length < 3 && performance.now() < endMs);
  handshake.close()
  await until(() => statesOf(port).every((state) => state === LISTENING))
})
