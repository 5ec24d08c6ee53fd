// Reads one word of a pasted list: an address, something meant as one, or a mere word.
import ipaddr from 'ipaddr.js'
import { LENGTHS } from '#lib/vocabulary.ts'
import { canonicalOf } from './endpoint.ts'

type Ip = ipaddr.IPv4 | ipaddr.IPv6

/**
 * `host` as typed, `canonical` as compared: RFC 5952 for an address, lower case for a name, both
 * within `tcp://…:443` where a port is asked. `kind` is that of the host alone.
 */
export type Host = { host: string; canonical: string; kind: 'ipv4' | 'ipv6' | 'name' }
export type Refusal = { reason: string }

// A longer word is neither address nor name, and no pattern needs to look at it.
const LONGEST = LENGTHS.host + 50
const TOO_LONG = `longer than a host name may be (${LENGTHS.host} characters)`
const FOUR_PARTS = /^\d+(?:\.\d+){3}$/
const DOTTED = /^[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+$/u
const NAME_LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/

/** The word without what pasting puts around it, its full-width characters as ASCII. */
export function cleanWord(word: string): string {
  if (word.length > LONGEST) return word
  const ascii = word
    .replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[。｡]/g, '.')
    .replace(/[‐‑–—−〜]/g, '-')
    .replace(/\p{Cf}/gu, '')
    .replace(/^["'`“”‘’「『<(（]+|["'`“”‘’」』>)）]+$/g, '')
  return ascii.endsWith(':') && !ascii.endsWith('::') ? ascii.slice(0, -1) : ascii
}

/** A cleaned word's address, or why it is none though meant as one; undefined for any other word. */
export function readAddress(word: string): Host | Refusal | undefined {
  if (word.length > LONGEST) return undefined
  if (FOUR_PARTS.test(word)) return readIpv4(word)
  const bare = word.replace(/^\[(.*)\]$/, '$1')
  if (bare.includes('%') && ipaddr.IPv6.isValid(bare)) {
    return { reason: 'an address with a zone means another host on each machine' }
  }
  if (ipaddr.IPv6.isValid(bare)) return hostOf(ipaddr.IPv6.parse(bare), bare)
  const [, handshake] = /^tcp:\/\/(.*)$/i.exec(word) ?? []
  if (handshake !== undefined) return readTcp(word, handshake)
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([\d.]+)):\d+$/.exec(word) ?? []
  const address = bracketed ?? plain
  return address ? portOfEcho(address, word) : undefined
}

/** A host name out of a cleaned word, or why it is none. */
export function readName(word: string): Host | Refusal {
  if (word.length > LONGEST) return { reason: TOO_LONG }
  if (word.includes('://')) return { reason: 'a URL; write only its host' }
  const [, beforePort] = /^([^:]+):\d+$/.exec(word) ?? []
  if (beforePort) return portOfEcho(beforePort, word)
  const name = word.endsWith('.') ? word.slice(0, -1) : word
  const canonical = toAsciiName(name)
  if (Math.max(name.length, canonical.length) > LENGTHS.host) {
    return { reason: TOO_LONG }
  }
  const labels = canonical.split('.')
  if (/^\.*\d[\d.]*$/.test(canonical)) return { reason: 'an all-numeric name is no host name' }
  if (canonical.includes(':')) return { reason: 'neither an IPv6 address nor a host name' }
  if (!labels.every((label) => label.length <= 63 && NAME_LABEL.test(label))) {
    return { reason: 'not an address and not a host name' }
  }
  // As in URLs (WHATWG, "ends in a number"): such a name is a mistyped IPv4 address.
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    return { reason: 'a host name does not end in a number' }
  }
  return { host: name, canonical, kind: 'name' }
}

/** The address with its canonical form; IPv4 in IPv6 clothes is the IPv4 address. */
export function hostOf(ip: Ip, typed?: string): Host {
  if (ip instanceof ipaddr.IPv4) return { ...sameText(ip.toString(), typed), kind: 'ipv4' }
  if (ip.isIPv4MappedAddress()) return hostOf(ip.toIPv4Address())
  return { ...sameText(ip.toRFC5952String(), typed), kind: 'ipv6' }
}

// tcp://host:port, an IPv6 address in brackets as in a URL (RFC 3986 section 3.2.2).
function readTcp(word: string, rest: string): Host | Refusal {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,9})\/?$/.exec(rest) ?? []
  const bare = bracketed ?? plain
  if (!bare) return { reason: 'a TCP probe is written tcp://host:443 or tcp://[2001:db8::1]:443' }
  const port = Number(digits)
  if (port < 1 || port > 65_535) return { reason: 'a port is a number from 1 to 65535' }
  const read = readAddress(bare) ?? readName(bare)
  if ('reason' in read) return read
  return {
    ...read,
    host: word,
    canonical: canonicalOf({ kind: 'tcp', host: read.canonical, port }),
  }
}

function portOfEcho(host: string, word: string): Refusal {
  return { reason: `an echo has no port; write ${host}, or tcp://${word} for a TCP handshake` }
}

function sameText(canonical: string, typed = canonical) {
  return { host: typed, canonical }
}

function readIpv4(word: string): Host | Refusal {
  const parts = word.split('.')
  const tooLarge = parts.find((part) => Number(part) > 255)
  if (tooLarge) return { reason: `no part of an IPv4 address is above 255, but ${tooLarge} is` }
  if (!ipaddr.IPv4.isValidFourPartDecimal(word)) {
    const plain = parts.map(Number).join('.')
    return { reason: `leading zeros mean octal to some programs; write ${plain}` }
  }
  return hostOf(ipaddr.IPv4.parse(word), word)
}

// IDNA (UTS 46) as every browser and Node have it built in. A single label with other letters is
// rather a word of a language than the name of a host.
function toAsciiName(name: string): string {
  const lower = name.toLowerCase()
  const isForeign = name.length <= LENGTHS.host && DOTTED.test(name) && !/^\p{ASCII}*$/u.test(name)
  if (!isForeign || !URL.canParse(`http://${lower}`)) return lower
  return new URL(`http://${lower}`).hostname
}
