import { describe, expect, it } from 'vitest'
import { parseList } from '#lib/targets/list.ts'
import { readPolicy } from '#lib/targets/networks.ts'

const hostsOf = (text: string | string[]) => parseList(text).targets.map(({ host }) => host)
const labelled = (text: string) =>
  parseList(text).targets.map(({ host, label }) => (label ? `${host} = ${label}` : host))
const skippedOf = (text: string | string[]) => parseList(text).skipped
const reasonOf = (text: string) => {
  const { targets, skipped } = parseList(text)
  expect(targets).toEqual([])
  expect(skipped).toHaveLength(1)
  expect(skipped[0]?.input).toBe(text.trim())
  return skipped[0]?.reason
}

describe('a pasted list', () => {
  it.each([
    ['one per line', '10.0.0.1\n10.0.0.2\r\n10.0.0.3'],
    ['commas', '10.0.0.1,10.0.0.2, 10.0.0.3,'],
    ['blanks and tabs', ' 10.0.0.1  10.0.0.2\t10.0.0.3 '],
    ['Chinese punctuation', '10.0.0.1，10.0.0.2；10.0.0.3、'],
    ['full-width digits', '１０.0.0.1\n１０．０．０．２\n10。0。0。3'],
    ['quotes, brackets and bullets', '"10.0.0.1"\n- 10.0.0.2\n(10.0.0.3)'],
    ['a markdown table', '| 10.0.0.1 |\n| 10.0.0.2 |\n| 10.0.0.3 |'],
    ['comments and blank lines', '# core\n10.0.0.1 # edge\n\n// old\n10.0.0.2\n  \n10.0.0.3'],
    ['a CSV header', 'IP Address\n10.0.0.1\n10.0.0.2\n10.0.0.3'],
    ['a short range', '10.0.0.1-3'],
    ['a full range', '10.0.0.1-10.0.0.3'],
    ['a range with blanks', '10.0.0.1 - 10.0.0.3'],
    ['a network and a single one', '10.0.0.0/30\n10.0.0.3/32'],
    ['a network with a mask', '10.0.0.0/255.255.255.252 10.0.0.3'],
  ])('is understood with %s', (_, text) => {
    expect(parseList(text)).toMatchObject({ skipped: [], isTooLong: false })
    expect(parseList(text).targets.map(({ canonical }) => canonical)).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
    ])
  })

  it('takes the words beside a single address as its label', () => {
    expect(labelled('10.0.0.1 core switch')).toEqual(['10.0.0.1 = core switch'])
    expect(labelled('10.0.0.1,core switch,Berlin')).toEqual(['10.0.0.1 = core switch Berlin'])
    expect(labelled('core\t10.0.0.1\tBerlin')).toEqual(['10.0.0.1 = core Berlin'])
    expect(labelled('10.0.0.1 - uplink #3')).toEqual(['10.0.0.1 = uplink #3'])
    expect(labelled('10.0.0.1 核心交换机')).toEqual(['10.0.0.1 = 核心交换机'])
    expect(labelled('10.0.0.1 00:1b:44:11:3a:b7 v2.1')).toEqual([
      '10.0.0.1 = 00:1b:44:11:3a:b7 v2.1',
    ])
    expect(labelled('10.0.0.0/31 "the pair"')).toEqual([
      '10.0.0.0 = the pair',
      '10.0.0.1 = the pair',
    ])
  })

  it('takes several addresses on a line as several targets, each with its own words', () => {
    expect(labelled('10.0.0.1 core, 10.0.0.2 edge')).toEqual(['10.0.0.1 = core', '10.0.0.2 = edge'])
    expect(hostsOf('10.0.0.1 10.0.0.2 both')).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(skippedOf('10.0.0.1 10.0.0.2 both')).toEqual([
      { input: 'both', reason: expect.stringContaining('a line of its own') },
    ])
  })

  it('takes the name of a host among several addresses for what it is', () => {
    expect(hostsOf('127.0.0.1, 127.0.0.2, ::1, localhost')).toHaveLength(4)
    expect(hostsOf('10.0.0.1 10.0.0.2 web.example.com')).toHaveLength(3)
    expect(labelled('10.0.0.1 web.example.com')).toEqual(['10.0.0.1 = web.example.com'])
  })

  it('takes a line without an address as host names', () => {
    expect(hostsOf('web1 web2.example.com, db_1.internal.')).toEqual([
      'web1',
      'web2.example.com',
      'db_1.internal',
    ])
    expect(parseList('Web1.Example.COM.').targets[0]).toMatchObject({
      host: 'Web1.Example.COM',
      canonical: 'web1.example.com',
      kind: 'name',
    })
    expect(parseList('例子.中国').targets[0]?.canonical).toBe('xn--fsqu00a.xn--fiqs8s')
  })

  it('knows IPv6 in all its spellings as one', () => {
    const { targets, skipped } = parseList('2001:DB8:0:0::1\n2001:db8::1\n[2001:db8::1]')
    expect(targets).toEqual([
      {
        host: '2001:DB8:0:0::1',
        canonical: '2001:db8::1',
        kind: 'ipv6',
        label: '',
        input: '2001:DB8:0:0::1',
      },
    ])
    expect(skipped).toHaveLength(2)
    expect(hostsOf('::1, fe80::1-fe80::3, 2001:db8::/127')).toHaveLength(6)
  })

  it('knows an IPv4 address in IPv6 clothes as what it is', () => {
    expect(parseList('::ffff:10.0.0.1').targets[0]?.canonical).toBe('10.0.0.1')
    expect(reasonOf('::ffff:224.0.0.1')).toContain('multicast')
  })

  it('leaves out network and broadcast of a network shorter than /31 only', () => {
    expect(hostsOf('10.0.0.5/29')).toEqual([1, 2, 3, 4, 5, 6].map((n) => `10.0.0.${n}`))
    expect(hostsOf('10.0.0.4/31')).toEqual(['10.0.0.4', '10.0.0.5'])
    expect(hostsOf('10.0.0.0/24')).toHaveLength(254)
  })

  it.each([
    ['999.1.1.1', '999'],
    ['10.0.0.256', '255'],
    ['010.0.0.1', 'write 10.0.0.1'],
    ['12345', 'all-numeric'],
    ['1.2.3', 'all-numeric'],
    ['127.1', 'all-numeric'],
    ['switch.12', 'number'],
    ['0x7f000001', 'number'],
    ['10.0.0.0/8', '10,000'],
    ['10.0.0.0/33', '/33'],
    ['2001:db8::/64', '10,000'],
    ['::/0', '10,000'],
    ['10.0.0.9-1', 'backwards'],
    ['10.0.0.1-300', '255'],
    ['10.0.0.1-::1', 'family'],
    ['fe80::1%eth0', 'zone'],
    ['10.0.0.1:443', 'write 10.0.0.1'],
    ['[::1]:443', 'write ::1'],
    ['web1:443', 'write web1'],
    ['10.0.0.1:443', 'tcp://10.0.0.1:443'],
    ['[::1]:443', 'tcp://[::1]:443'],
    ['https://example.com/', 'URL'],
    ['00:1b:44:11:3a:b7', 'IPv6'],
    ['-bad-', 'not a host name'],
    ['a..b', 'not a host name'],
    ['核心交换机', 'not a host name'],
    [`${'a'.repeat(64)}.com`, 'not a host name'],
    ['a.'.repeat(130), 'longer'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['240.0.0.1', 'reserved'],
    ['224.0.0.0/24', 'multicast'],
  ])('refuses %s and says why', (text, reason) => {
    expect(reasonOf(text)).toContain(reason)
  })

  it('never loses the good pieces beside a bad one', () => {
    const { targets, skipped } = parseList('10.0.0.1\n999.1.1.1 core\n10.0.0.2, 10.0.0.0/8')
    expect(targets.map(({ host }) => host)).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(skipped.map(({ input }) => input)).toEqual(['999.1.1.1', '10.0.0.0/8'])
  })

  it('tells a duplicate, and a whole network of duplicates in one entry', () => {
    expect(skippedOf('10.0.0.1 10.0.0.1')).toEqual([
      { input: '10.0.0.1', reason: 'duplicate: already in this list' },
    ])
    expect(skippedOf('10.0.0.0/24 10.0.0.0/24')).toHaveLength(1)
    expect(skippedOf('10.0.0.2 10.0.0.0/29').map(({ input }) => input)).toEqual(['10.0.0.2'])
  })

  it('takes the pieces of an array as texts, none of them a header', () => {
    expect(hostsOf(['host', '10.0.0.1 core', '10.0.0.2\n10.0.0.3'])).toEqual([
      'host',
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
    ])
  })

  it('refuses what the settings deny, and whatever they do not allow', () => {
    const policy = readPolicy({
      NETWORKS_ALLOWED: ['10.0.0.0/8', '::1'],
      NETWORKS_DENIED: ['10.9.0.0/16'],
    })
    const { targets, skipped } = parseList('10.0.0.1 10.9.0.1 192.0.2.1 ::1 2001:db8::1', policy)
    expect(targets.map(({ host }) => host)).toEqual(['10.0.0.1', '::1'])
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'in 10.9.0.0/16, which may not be pinged from here',
      'outside the networks that may be pinged from here',
      'outside the networks that may be pinged from here',
    ])
  })
})
