import { describe, expect, it } from 'vitest'
import { addressesIn, createResolver } from '../../worker/resolver.ts'

const HOSTS = `
127.0.0.1 localhost   # this machine
::1 localhost ip6-localhost
127.0.0.9\tCore-Switch.example core-switch
not-an-address core-switch
`

describe('the hosts file', () => {
  it('gives every address of a name, whatever the case it is written in', () => {
    expect(addressesIn(HOSTS, 'localhost')).toEqual(['127.0.0.1', '::1'])
    expect(addressesIn(HOSTS, 'core-switch.example')).toEqual(['127.0.0.9'])
    expect(addressesIn(HOSTS, 'core-switch')).toEqual(['127.0.0.9'])
  })

  it('knows nothing of a name that stands only in a comment', () => {
    expect(addressesIn(HOSTS, 'this')).toEqual([])
  })
})

describe('resolving', () => {
  it('knows that nothing below .invalid exists', async () => {
    expect(await createResolver({ servers: [] }).resolve('switch.invalid', 0)).toMatchObject({
      kind: 'none',
    })
  })

  it('finds localhost in either family without asking anybody', async () => {
    const resolver = createResolver({ servers: [], hostsFile: '/a/hosts/file/that/is/not/there' })
    expect(await resolver.resolve('localhost', 0)).toMatchObject({ addresses: ['127.0.0.1'] })
    expect(await resolver.resolve('localhost', 6)).toMatchObject({ addresses: ['::1'] })
  })
})
