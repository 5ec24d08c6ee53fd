import { describe, expect, it } from 'vitest'
import { parseList } from '#lib/targets/list.ts'

describe('a list with TCP probes', () => {
  it('takes them as tcp://host:port, an IPv6 address in brackets, with labels and in any case', () => {
    const { targets, skipped } = parseList(
      'TCP://Web1.Example.com:443 the shop\ntcp://10.0.0.1:22, tcp://[2001:DB8:0::1]:8080/\n' +
        'tcp://[::ffff:10.0.0.1]:22 again\n10.0.0.1',
    )
    expect(targets.map(({ canonical, label }) => [canonical, label])).toEqual([
      ['tcp://web1.example.com:443', 'the shop'],
      ['tcp://10.0.0.1:22', ''],
      ['tcp://[2001:db8::1]:8080', ''],
      ['10.0.0.1', ''],
    ])
    expect(skipped).toMatchObject([{ reason: expect.stringContaining('duplicate') }])
  })

  it.each([
    ['tcp://10.0.0.1', 'tcp://host:443'],
    ['tcp://2001:db8::1:443', 'tcp://[2001:db8::1]:443'],
    ['tcp://10.0.0.1:0', '65535'],
    ['tcp://10.0.0.1:65536', '65535'],
    ['tcp://10.0.0.256:443', '255'],
    ['tcp://-bad-:443', 'not a host name'],
    ['tcp://224.0.0.1:443', 'multicast'],
    ['tcp://[ff02::1]:443', 'multicast'],
  ])('says why %s is none', (text, reason) => {
    const { targets, skipped } = parseList(text)
    expect(targets).toEqual([])
    expect(skipped[0]?.reason).toContain(reason)
  })
})
