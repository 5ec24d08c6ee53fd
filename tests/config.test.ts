import { describe, expect, it } from 'vitest'
import { ConfigFault, readConfig } from '#lib/config.ts'

const read = (environment: Record<string, string>) =>
  readConfig({ NODE_ENV: 'test', ...environment })

function faultsOf(environment: Record<string, string>): string[] {
  try {
    read(environment)
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error
    return error.message.split('\n').slice(1)
  }
  return []
}

describe('the settings', () => {
  it('have a default, or may be absent, each of them', () => {
    expect(read({})).toMatchObject({ HOST: '127.0.0.1', PORT: 3000, PROBER: 'auto' })
    expect(read({}).DATABASE_URL).toBeUndefined()
  })

  it('are told all together where they cannot be used', () => {
    const faults = faultsOf({ PORT: 'many', PROBER: 'pigeon', AUTH_SECRET: 'short' })
    expect(faults.map((fault) => fault.trim().split(':')[0])).toEqual([
      'PORT',
      'AUTH_SECRET',
      'PROBER',
    ])
  })

  it('count as absent where they are empty', () => {
    expect(read({ PORT: '', DATABASE_URL: '' })).toEqual(read({}))
  })

  it.each([
    [{}, 'http://127.0.0.1:3000'],
    [{ HOST: '0.0.0.0', PORT: '80' }, 'http://localhost:80'],
    [{ HOST: '::' }, 'http://localhost:3000'],
    [{ HOST: '::1' }, 'http://[::1]:3000'],
    [{ BASE_URL: 'https://wall.example.com' }, 'https://wall.example.com'],
  ])('name the address people type: %j', (environment, url) => {
    expect(read({ BASE_URL: '', ...environment }).BASE_URL).toBe(url)
  })

  it('take networks in any usual writing, and nothing that is none', () => {
    const { NETWORKS_DENIED } = read({ NETWORKS_DENIED: '10.0.0.0/8, 192.0.2.1 2001:db8::/32' })
    expect(NETWORKS_DENIED).toEqual(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'])
    expect(faultsOf({ NETWORKS_ALLOWED: '10.0.0.0/33' })).toHaveLength(1)
    expect(faultsOf({ NETWORKS_ALLOWED: 'core' })).toHaveLength(1)
  })

  it('take one address of each family for pings to leave with', () => {
    expect(read({ SOURCE_ADDRESSES: '10.0.0.1, fd00::1' }).SOURCE_ADDRESSES).toEqual([
      '10.0.0.1',
      'fd00::1',
    ])
    expect(faultsOf({ SOURCE_ADDRESSES: 'eth0' })).toHaveLength(1)
    expect(faultsOf({ SOURCE_ADDRESSES: '10.0.0.1,10.0.0.2' })).toHaveLength(1)
  })

  it.each([
    ['RAW_RETENTION_DAYS', '367'],
    ['SESSION_DAYS', '1e9'],
    ['MAX_TARGETS_PER_GROUP', '0'],
    ['PORT', '65536'],
    ['BASE_URL', 'ftp://wall'],
    ['DATABASE_URL', 'mysql://wall'],
    ['TRUST_PROXY', 'yes'],
  ])('are bounded: %s is not %s', (name, value) => {
    expect(faultsOf({ [name]: value })).toHaveLength(1)
  })
})
