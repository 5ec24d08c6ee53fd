import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createResolver } from '../../worker/resolver.ts'
import { type DnsServer, startDnsServer, type Zone } from '../support/dns-server.ts'

const NO_HOSTS = '/a/hosts/file/that/is/not/there'
const found = (ttlSeconds: number, ...addresses: string[]) => ({ addresses, ttlSeconds })

describe('asking DNS', () => {
  let zone: Record<string, ReturnType<Zone>>
  let server: DnsServer
  beforeEach(async () => {
    zone = {}
    server = await startDnsServer((name) => zone[name] ?? 'missing')
  })
  afterEach(() => server.close())

  const resolve = (host: string, family = 0) =>
    createResolver({ servers: [server.address], hostsFile: NO_HOSTS }).resolve(host, family)

  it('gives every address of the family asked for, with the age of the record', async () => {
    zone['core.example'] = found(300, '127.0.0.7', '127.0.0.8', '::1')
    const both = ['127.0.0.7', '127.0.0.8']
    expect(await resolve('core.example')).toEqual({
      kind: 'found',
      addresses: both,
      ttlSeconds: 300,
    })
    expect(await resolve('core.example', 4)).toMatchObject({ addresses: both })
    expect(await resolve('core.example', 6)).toMatchObject({ addresses: ['::1'] })
  })

  it('takes an IPv6 address where there is no other, unless IPv4 is asked for', async () => {
    zone['six.example'] = found(60, '::1')
    expect(await resolve('six.example')).toMatchObject({ addresses: ['::1'] })
    expect(await resolve('six.example', 4)).toMatchObject({ kind: 'none' })
  })

  it('asks again no sooner than after five seconds and no later than after an hour', async () => {
    zone['restless.example'] = found(0, '127.0.0.1')
    zone['settled.example'] = found(604_800, '127.0.0.1')
    expect(await resolve('restless.example')).toMatchObject({ ttlSeconds: 5 })
    expect(await resolve('settled.example')).toMatchObject({ ttlSeconds: 3_600 })
  })

  it('keeps no answer for itself: a change is seen with the next question', async () => {
    const resolver = createResolver({ servers: [server.address], hostsFile: NO_HOSTS })
    zone['moving.example'] = found(3_600, '127.0.0.1')
    await resolver.resolve('moving.example', 4)
    zone['moving.example'] = found(3_600, '127.0.0.2')
    expect(await resolver.resolve('moving.example', 4)).toMatchObject({ addresses: ['127.0.0.2'] })
  })

  it('tells a name that does not exist from one of which nobody can say', async () => {
    zone['failing.example'] = 'failing'
    expect(await resolve('missing.example')).toMatchObject({ kind: 'none' })
    expect(await resolve('failing.example')).toEqual({ kind: 'unknown' })
  })

  it('asks who fails for one family only, and then gives up', async () => {
    zone['failing.example'] = 'failing'
    await resolve('failing.example')
    expect(new Set(server.questions)).toEqual(new Set(['A failing.example']))
  })
})
