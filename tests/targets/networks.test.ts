import { describe, expect, it } from 'vitest'
import { EVERY_NETWORK, mayPing, readPolicy } from '#lib/targets/networks.ts'

const policyOf = (allowed: string[], denied: string[]) =>
  readPolicy({ NETWORKS_ALLOWED: allowed, NETWORKS_DENIED: denied })

describe('what may be pinged', () => {
  it.each(['10.0.0.1', '127.0.0.1', '223.255.255.254', '::1', '2001:db8::1', 'fe80::1'])(
    'lets %s pass where nothing is set',
    (address) => expect(mayPing(address, EVERY_NETWORK)).toBeUndefined(),
  )

  it.each([
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['::ffff:224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['240.0.0.1', 'reserved'],
    ['localhost', 'not an IP address'],
    ['', 'not an IP address'],
  ])('refuses %s whatever is set', (address, reason) => {
    expect(mayPing(address, policyOf(['0.0.0.0/0', '::/0'], []))).toContain(reason)
  })

  it('refuses what is denied even where it is allowed', () => {
    const policy = policyOf(['10.0.0.0/8'], ['10.1.0.0/16', '2001:db8::/32'])
    expect(mayPing('10.2.0.1', policy)).toBeUndefined()
    expect(mayPing('10.1.0.1', policy)).toContain('10.1.0.0/16')
    expect(mayPing('::ffff:10.1.0.1', policy)).toContain('10.1.0.0/16')
    expect(mayPing('2001:db8::1', policy)).toContain('2001:db8::/32')
    expect(mayPing('192.0.2.1', policy)).toContain('outside')
    expect(mayPing('::1', policy)).toContain('outside')
  })

  it('understands a network of IPv4-mapped addresses and a single address', () => {
    expect(mayPing('10.0.0.1', policyOf([], ['::ffff:10.0.0.0/104']))).toContain('10.0.0.0')
    expect(mayPing('10.0.0.1', policyOf([], ['10.0.0.1']))).toContain('10.0.0.1')
    expect(mayPing('10.0.0.2', policyOf([], ['10.0.0.1']))).toBeUndefined()
  })

  it('throws for a setting that is no network', () => {
    expect(() => policyOf(['ten'], [])).toThrow()
  })
})
