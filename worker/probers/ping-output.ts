// What the lines of the system's ping mean, in the words of iputils, BusyBox, macOS.

export type PingLine = { printedAtMs: number | undefined } & (
  | { kind: 'reply'; sequence: number; rttMs: number; isDuplicate: boolean }
  /** Sent one interval ago and not answered yet. */
  | { kind: 'silent'; sequence: number }
  /** macOS leaves the sequence out. */
  | { kind: 'unreachable'; sequence: number | undefined; from: string; code: number }
  | { kind: 'ttl-exceeded'; sequence: number | undefined; from: string }
  /** The echo of this moment could not leave. */
  | { kind: 'unsent' }
)

const TIMESTAMP = /^\[(\d+\.\d+)\] /
const REPLY = /^\d+ bytes from .*\b(?:icmp_)?seq=(\d+) .*\btime[=<]([\d.]+) ms(.*)$/
const SILENT = /^(?:no answer yet for icmp_seq=|Request timeout for icmp_seq[ =])(\d+)/
const ERROR =
  /^(?:From|\d+ bytes from) (\S+?):? (?:icmp_seq=(\d+) )?((?:Dest|Time|Packet|[Ff]rag|Preced|Source|Comm).*)$/
const UNSENT = /\b(?:sendmsg|sendto|local error)\b/

// Codes of RFC 792 and RFC 1812 (IPv4), RFC 4443 (IPv6; "too big" stands under IPv4's code for it).
const UNREACHABLE_CODES: [text: RegExp, code: number][] = [
  [/^Destination unreachable: No route/, 0],
  [/^Destination unreachable: Administratively prohibited/, 1],
  [/^Destination unreachable: Beyond scope/, 2],
  [/^Destination unreachable: Address unreachable/, 3],
  [/^Destination unreachable: Port unreachable/, 4],
  [/^Destination unreachable: .*policy/, 5],
  [/^Destination unreachable: Reject route/, 6],
  [/^Packet too big/, 4],
  [/^Destination Net Unreachable for Type/, 11],
  [/^Destination Host Unreachable for Type/, 12],
  [/^Destination Net Unreachable/, 0],
  [/^Destination Host Unreachable/, 1],
  [/^Destination Protocol Unreachable/, 2],
  [/^Destination Port Unreachable/, 3],
  [/^Frag(mentation)? needed/i, 4],
  [/^Source Route Failed/, 5],
  [/^Destination Net Unknown/, 6],
  [/^Destination Host Unknown/, 7],
  [/^Source Host Isolated/, 8],
  [/^Destination Net Prohibited/, 9],
  [/^Destination Host Prohibited/, 10],
  [/^(Packet filtered|Communication prohibited by filter)/, 13],
  [/^Precedence Violation/, 14],
  [/^Precedence Cutoff/, 15],
]

/** Undefined for lines that tell nothing of an echo: headings, statistics, quoted packets. */
export function readPingLine(line: string): PingLine | undefined {
  const stamp = TIMESTAMP.exec(line)
  const printedAtMs = stamp ? Number(stamp[1]) * 1_000 : undefined
  const text = stamp ? line.slice(stamp[0].length) : line
  const meaning = readReply(text) ?? readSilent(text) ?? readError(text) ?? readUnsent(text)
  return meaning && { printedAtMs, ...meaning }
}

function readReply(text: string) {
  const [, sequence, rttMs, rest = ''] = REPLY.exec(text) ?? []
  if (!sequence || !rttMs || /BAD CHECKSUM/.test(rest)) return undefined
  const isDuplicate = rest.includes('DUP!')
  return { kind: 'reply' as const, sequence: Number(sequence), rttMs: Number(rttMs), isDuplicate }
}

function readSilent(text: string) {
  const [, sequence] = SILENT.exec(text) ?? []
  return sequence ? { kind: 'silent' as const, sequence: Number(sequence) } : undefined
}

function readError(text: string) {
  const [, from, digits, words = ''] = ERROR.exec(text) ?? []
  if (!from) return undefined
  const sequence = digits ? Number(digits) : undefined
  // "Defragmentation failure" exceeds another time: that of the host with our fragments.
  if (/^Time (to live exceeded|exceeded: Hop limit)/.test(words))
    return { kind: 'ttl-exceeded' as const, sequence, from }
  const [, unnamed] = /^Dest Unreachable, Bad Code: (\d+)/.exec(words) ?? []
  const named = UNREACHABLE_CODES.find(([start]) => start.test(words))?.[1]
  const code = unnamed ? Number(unnamed) : named
  return code === undefined ? undefined : { kind: 'unreachable' as const, sequence, from, code }
}

function readUnsent(text: string) {
  return UNSENT.test(text) ? { kind: 'unsent' as const } : undefined
}
