// Reads a pasted list of addresses, and says what it did not understand and why.
import { LENGTHS } from '#lib/vocabulary.ts'
import { cleanWord, type Host } from './address.ts'
import type { Hosts, Skipped } from './contract.ts'
import { endpointOf } from './endpoint.ts'
import { spread } from './expand.ts'
import { type Piece, readLine, wordsOf } from './line.ts'
import { EVERY_NETWORK, mayPing, type NetworkPolicy } from './networks.ts'
import { gatherSkipped, skippedPiece } from './skipped.ts'

/** `input` is the piece as typed that it came from: for a network that of all its addresses. */
export type ListedTarget = Host & { label: string; input: string }

/** In the order of the list; `isTooLong` where it holds more than one request may add. */
export type ParsedList = { targets: ListedTarget[]; skipped: Skipped[]; isTooLong: boolean }

type Taking = { list: ParsedList; policy: NetworkPolicy; seen: Set<string>; read: number }

const DUPLICATE = 'duplicate: already in this list'
const MAX_TARGETS = LENGTHS.targetsPerRequest
/** As many refusals as targets are told; whoever sends more has sent something else. */
const MAX_READ = 2 * MAX_TARGETS

const LINE_ENDS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/
const HEADER_WORDS = new Set(
  `ip ips ipv4 ipv6 ip_address ipaddress address addresses addr host hosts hostname hostnames name
  names label labels description comment comments note notes remark target targets device site
  location 地址 ip地址 主机 主机名 主机地址 名称 名字 标签 备注 描述 说明 设备 位置`.split(/\s+/),
)

/**
 * One entry per line or many; several addresses on a line are several targets, words beside a
 * single address are its label, a line without an address is a list of host names. Comments, blank
 * lines and CSV headers are not listed. Never throws; takes time in proportion to the text.
 */
export function parseList(hosts: Hosts, policy: NetworkPolicy = EVERY_NETWORK): ParsedList {
  const list: ParsedList = { targets: [], skipped: [], isTooLong: false }
  const taking: Taking = { list, policy, seen: new Set(), read: 0 }
  for (const text of typeof hosts === 'string' ? [hosts] : hosts) {
    for (const line of linesOf(text)) {
      for (const piece of readLine(line)) {
        take(taking, piece)
        list.isTooLong = list.targets.length > MAX_TARGETS || taking.read > MAX_READ
        if (list.isTooLong) return list
      }
    }
  }
  return list
}

function take(taking: Taking, { input, label, read }: Piece): void {
  const { list, policy, seen } = taking
  if ('reason' in read) {
    taking.read += 1
    list.skipped.push(skippedPiece(input, read.reason))
    return
  }
  const judged = ('first' in read ? spread(read) : [read]).map((host) => {
    const reason =
      host.kind === 'name' ? undefined : mayPing(endpointOf(host.canonical).host, policy)
    if (!reason && !seen.has(host.canonical)) list.targets.push({ ...host, label, input })
    const isDuplicate = seen.has(host.canonical)
    seen.add(host.canonical)
    return { input, host: host.host, reason: reason ?? (isDuplicate ? DUPLICATE : undefined) }
  })
  taking.read += judged.length
  list.skipped.push(...gatherSkipped(judged))
}

// Without comments and blank lines; a header is one only where something follows it.
function linesOf(text: string): string[] {
  const lines = text
    .split(LINE_ENDS)
    .filter((line) => !/^\s*(?:[#＃]|\/\/)/.test(line))
    // "#3" in a label is a number, not a comment.
    .map((line) => line.replace(/\s[#＃](?!\d).*$/, ''))
    .filter((line) => /[^\s\p{Cc},;，；、|]/u.test(line))
  return lines.length > 1 && isHeader(lines[0] ?? '') ? lines.slice(1) : lines
}

function isHeader(line: string): boolean {
  return wordsOf(line).every((word) => HEADER_WORDS.has(cleanWord(word).toLowerCase()))
}
