// What a raw socket lets through: errors, and echo replies that carry our tag.
import { addressOf, setOption } from './libc.ts'
import { type Family, ICMP_HEADER_BYTES } from './packet.ts'

const SOL_SOCKET = 1
const SO_ATTACH_FILTER = 26
const FILTER_OPTION = { 4: { level: 255, name: 1 }, 6: { level: 58, name: 1 } } as const
const ECHO_REPLY = { 4: 0, 6: 129 } as const
const TAG_AT = ICMP_HEADER_BYTES + 4

// Classic BPF (linux/filter.h): what is loaded, compared and returned.
const LOAD = { headerLength: 0xb1, nothing: 0x01, byteBehind: 0x50, wordBehind: 0x40 } as const
const JUMP_IF_EQUAL = 0x15
const RETURN = 0x06
const ALL = 0xffff_ffff
const STEPS = 7
const program = new Uint32Array(new ArrayBuffer(STEPS * 8))
const programAddress = addressOf(program.buffer)

/** By type. Our own requests on loopback would otherwise come back to us. */
export function passAnswers(fd: number, family: Family): void {
  const blocked = everyType(family)
  if (family === 4) blocked[0] = ~((1 << 0) | (1 << 3) | (1 << 11))
  if (family === 6) blocked[0] = ~((1 << 1) | (1 << 2) | (1 << 3))
  if (family === 6) blocked[4] = ~(1 << (129 - 128))
  setFilter(fd, family, blocked)
}

export function passNothing(fd: number, family: Family): void {
  setFilter(fd, family, everyType(family))
}

// A set bit blocks a type.
function everyType(family: Family): number[] {
  return new Array<number>(family === 4 ? 1 : 8).fill(ALL)
}

function setFilter(fd: number, family: Family, words: number[]): void {
  const { level, name } = FILTER_OPTION[family]
  setOption(fd, level, name, words)
}

/** Replies to other programs cost two comparisons in the kernel instead of room in our queue. */
export function filterByTag(fd: number, family: Family, tag: number): void {
  const steps: [code: number, operand: number, skippedUnlessEqual?: number][] = [
    // An IPv4 packet begins with its IP header, an IPv6 one behind it.
    [family === 4 ? LOAD.headerLength : LOAD.nothing, 0],
    [LOAD.byteBehind, 0],
    [JUMP_IF_EQUAL, ECHO_REPLY[family], 2],
    [LOAD.wordBehind, TAG_AT],
    [JUMP_IF_EQUAL, tag, 1],
    [RETURN, ALL],
    [RETURN, 0],
  ]
  program.set(steps.flatMap(([code, operand, skip = 0]) => [code | (skip << 24), operand]))
  const pointer = [programAddress >>> 0, Math.floor(programAddress / 2 ** 32)]
  setOption(fd, SOL_SOCKET, SO_ATTACH_FILTER, [STEPS, 0, ...pointer])
}
