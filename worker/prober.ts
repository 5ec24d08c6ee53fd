// A prober's contract: echoes each probe at its interval, gives outcomes, never throws.

/** One thing to ping. `address` is an IP literal: names are resolved before. */
export type Probe = {
  id: number
  address: string
  /** Of a TCP probe, which times the handshake; an echo has none, or 0. */
  port?: number
  intervalMs: number
  timeoutMs: number
  payloadBytes: number
  ttl: number
  dscp: number
  dontFragment: boolean
}

/**
 * What became of one echo that left this machine. An echo that did not leave (no socket, no route
 * from here, too late, our own buffer full) gives no result at all: it was not measured.
 */
export type Outcome =
  | { kind: 'reply'; rttUs: number }
  | { kind: 'lost' }
  | { kind: 'unreachable'; from: string; code: number }
  | { kind: 'ttl-exceeded'; from: string }
  | { kind: 'no-such-name' }

/** `sentSteadyMs`: `clock.steadyMs()` at sending, with its fraction. */
export type EchoResult = { probeId: number; sentSteadyMs: number; outcome: Outcome }

export type ProberCounters = {
  sent: number
  /** Answered after their timeout; counted, never taken for a later echo's answer. */
  late: number
  duplicates: number
  /** Replies the kernel dropped because our socket buffer was full. */
  receiveDrops: number
  /** Echoes that could not leave, or fell due while the prober stood still. Not measured. */
  unsent: number
  /** Echoes that left more than 10 ms after they were due. */
  overdue: number
  /** Summed over all echoes: how long after they were due they left. */
  latenessMs: number
}

export const NO_COUNTS: ProberCounters = {
  sent: 0,
  late: 0,
  duplicates: 0,
  receiveDrops: 0,
  unsent: 0,
  overdue: 0,
  latenessMs: 0,
}

export type Prober = {
  readonly name: 'icmp' | 'ping-command' | 'tcp'
  /** What an operator should do to get the faster prober; undefined when this is the fast one. */
  readonly advice: string | undefined
  /** Starts probes, spread: the first echo leaves within 1 s, then each keeps its phase. A known id is changed in place. */
  start(probes: Probe[]): void
  /** Stops probes; echoes under way may still give results. */
  stop(probeIds: number[]): void
  counters(): ProberCounters
  close(): Promise<void>
}

export type ProberOptions = {
  /** Addresses of this machine that packets leave with, at most one of each family; else the route decides. */
  sources?: string[]
  /** Results in batches, each echo exactly one, at the latest its timeout + 1 s after it left. */
  onResults: (results: EchoResult[]) => void
  /** A prober that can no longer work says so once; the worker then ends and is started again. */
  onFailure: (error: Error) => void
}
