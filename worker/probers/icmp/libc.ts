// The few calls into libc that pinging needs, and the two clocks of the kernel.
import koffi from 'koffi'

const libc = koffi.load(null)

// Addresses of memory travel as plain numbers: user space ends far below 2^53.
export const socket: (family: number, type: number, protocol: number) => number = libc.func(
  'int socket(int family, int type, int protocol)',
)
export const close: (fd: number) => number = libc.func('int close(int fd)')
export const ifNameToIndex: (name: string) => number = libc.func(
  'unsigned int if_nametoindex(const char *name)',
)
const setpriority: (which: number, who: number, niceness: number) => number = libc.func(
  'int setpriority(int which, int who, int niceness)',
)
const pthreadSelf: () => number = libc.func('uintptr_t pthread_self()')
const pthreadSetSchedParam: (thread: number, policy: number, parameter: number) => number =
  libc.func('int pthread_setschedparam(uintptr_t thread, int policy, uintptr_t parameter)')
const bind: (fd: number, name: number, n: number) => number = libc.func(
  'int bind(int fd, uintptr_t name, uint32_t n)',
)
/** These two return -1 and set errno, or what was done: bytes sent, packets received. */
export const sendto: (
  fd: number,
  packet: number,
  packetBytes: number,
  flags: number,
  name: number,
  nameBytes: number,
) => number = libc.func(
  'intptr_t sendto(int fd, uintptr_t packet, size_t n, int flags, uintptr_t name, uint32_t m)',
)
/** `block` is the address of a row of `struct mmsghdr`. */
export const recvmmsg: (
  fd: number,
  block: number,
  count: number,
  flags: number,
  timeout: number,
) => number = libc.func(
  'int recvmmsg(int fd, uintptr_t block, unsigned int count, int flags, uintptr_t timeout)',
)
const setsockopt: (fd: number, level: number, name: number, value: number, n: number) => number =
  libc.func('int setsockopt(int fd, int level, int name, uintptr_t value, uint32_t n)')
const getsockopt: (fd: number, level: number, name: number, value: number, n: number) => number =
  libc.func('int getsockopt(int fd, int level, int name, uintptr_t value, uintptr_t n)')
const clockGetTime: (clock: number, timespec: number) => number = libc.func(
  'int clock_gettime(int clock, uintptr_t timespec)',
)

export const errno = (): number => koffi.errno()

/** Where an ArrayBuffer lies; it does not move, and must be kept alive while the kernel may use it. */
export function addressOf(memory: ArrayBuffer): number {
  return Number(koffi.address(memory))
}

const words = new Uint32Array(new ArrayBuffer(64))
const wordsAddress = addressOf(words.buffer)
const lengthWord = new Uint32Array(new ArrayBuffer(8))
const lengthAddress = addressOf(lengthWord.buffer)

/** Sets a socket option made of 32-bit words; false when the kernel refuses. */
export function setOption(fd: number, level: number, name: number, values: number[]): boolean {
  words.set(values)
  return setsockopt(fd, level, name, wordsAddress, values.length * 4) === 0
}

/** The 32-bit words of a socket option, until the next call; zeros when the kernel does not tell. */
export function readOptions(fd: number, level: number, name: number): Uint32Array {
  words.fill(0)
  lengthWord[0] = words.byteLength
  getsockopt(fd, level, name, wordsAddress, lengthAddress)
  return words
}

/** Gives a socket its own address, a sockaddr of 32-bit words; false when it is none of this machine's. */
export function bindTo(fd: number, sockaddr: readonly number[], bytes: number): boolean {
  words.fill(0)
  words.set(sockaddr)
  return bind(fd, wordsAddress, bytes) === 0
}

const SCHED_RR_FOR_ITSELF_ALONE = 0x4000_0002

/**
 * Where it is allowed, the calling thread no longer waits for ordinary ones: real time at its lowest
 * priority, which autogroups and containers' shares do not touch, else a better niceness.
 */
export function goFirst(niceness: number): void {
  words[0] = 1
  const refusal = pthreadSetSchedParam(pthreadSelf(), SCHED_RR_FOR_ITSELF_ALONE, wordsAddress)
  if (refusal !== 0) setpriority(0, 0, niceness)
}

/** CLOCK_MONOTONIC in milliseconds: the clock of `systemClock.steadyMs()`. */
export const steadyMs = (): number => readClock(1)

/** CLOCK_REALTIME in milliseconds: the clock of the kernel's receive timestamps. It may step. */
export const realMs = (): number => readClock(0)

function readClock(clock: number): number {
  clockGetTime(clock, wordsAddress)
  return timespecMs(words, 0)
}

/** A `struct timespec` of 64-bit members at a word of little-endian memory, in milliseconds. */
export function timespecMs(memory: Uint32Array, word: number): number {
  const seconds = (memory[word] ?? 0) + (memory[word + 1] ?? 0) * 2 ** 32
  return seconds * 1_000 + (memory[word + 2] ?? 0) / 1e6
}
