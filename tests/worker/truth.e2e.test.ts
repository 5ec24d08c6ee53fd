import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EchoResult, Probe } from '../../worker/prober.ts'
import type { ChildReport, ChildTask } from './probers/prober-child.ts'
import { medianOf, probeOf, roundTripsUs } from './probers/probing.ts'
import { addressOf, DELAY_MS, JITTER_MS } from './responder/manners.ts'
import { openResponderNetwork, type ResponderNetwork } from './responder/network.ts'

const run = promisify(execFile)
const CHILD = new URL('./probers/prober-child.ts', import.meta.url).pathname
const WITHOUT_RAW = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw']
const INTERVAL_MS = 200
const MEASURE_MS = 9_000
/** What the responder and a busy machine add to a delay. */
const ADDED_MS = 1
const STANDARD_ERRORS = 4

const COUNTS = { delayed: 40, jittery: 40, silent: 120, held: 1 }
type Measured = keyof typeof COUNTS

// Medians, for those moments when the machine does other work are far out. That of n draws has the
// standard error 1 / (2 × density there × √n).
const [LEAST_MS, MOST_MS] = JITTER_MS
const WIDTH_MS = MOST_MS - LEAST_MS
const LATENCY = { medianMs: (LEAST_MS + MOST_MS) / 2, density: 1 / WIDTH_MS }
/** |X − Y| of two even draws: its density falls from 2 / width to none at the width. */
const STEP = { medianMs: WIDTH_MS * (1 - Math.SQRT1_2), density: Math.SQRT2 / WIDTH_MS }

let network: ResponderNetwork | undefined
let missing = ''

beforeAll(async () => {
  try {
    network = await openResponderNetwork()
  } catch (error) {
    missing = `needs root, iproute2 and TUN devices: ${error instanceof Error ? error.message : error}`
  }
})
afterAll(() => network?.close())

async function measure(probes: Probe[], measureMs: number, rights: string[]) {
  const task: ChildTask = { choice: 'icmp', probes, measureMs }
  const node = [process.execPath, '--import', 'tsx', CHILD, JSON.stringify(task)]
  const [program = '', ...args] = [...(network?.inside ?? []), ...rights, ...node]
  const { stdout } = await run(program, args, { maxBuffer: 64 << 20 })
  const report: ChildReport = JSON.parse(stdout)
  if ('refused' in report) throw new Error(report.refused)
  return report.results
}

const idOf = (manner: Measured, host: number) => Object.keys(COUNTS).indexOf(manner) * 1_000 + host

/** `held` is the one host of that manner, another for each kind of socket. */
function probesOf(manner: Measured, held: number): Probe[] {
  return Array.from({ length: COUNTS[manner] }, (_, i) => {
    const address = addressOf(manner, 4, manner === 'held' ? held : i + 1)
    return probeOf({ id: idOf(manner, i), address, intervalMs: INTERVAL_MS })
  })
}

function expectDrawn(draws: number[], of: { medianMs: number; density: number }, each = 1): void {
  const independent = draws.length / each
  expect(independent).toBeGreaterThan(700)
  const allowed = STANDARD_ERRORS / (2 * of.density * Math.sqrt(independent))
  const error = medianOf(draws) - of.medianMs
  expect(error).toBeGreaterThan(-allowed)
  expect(error).toBeLessThan(allowed + ADDED_MS)
}

const inOrder = (results: EchoResult[]) =>
  results.toSorted((a, b) => a.sentSteadyMs - b.sentSteadyMs)

describe.each([
  ['raw', [], 1],
  ['datagram', WITHOUT_RAW, 2],
] as const)('through %s sockets, beside as many silent hosts', (_kind, rights, held) => {
  let results: EchoResult[] = []
  let afterRestart: EchoResult[] = []

  beforeAll(async () => {
    if (!network) return
    const groups = 'echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range'
    const [program = '', ...args] = network.inside
    await run(program, [...args, 'sh', '-c', groups])
    const manners: Measured[] = ['delayed', 'jittery', 'silent', 'held']
    const probes = manners.flatMap((manner) => probesOf(manner, held))
    results = inOrder(await measure(probes, MEASURE_MS, [...rights]))
    afterRestart = inOrder(await measure(probesOf('held', held), 3_000, [...rights]))
  })

  const resultsOf = (manner: Measured): EchoResult[][] =>
    Array.from({ length: COUNTS[manner] }, (_, i) =>
      results.filter(({ probeId }) => probeId === idOf(manner, i)),
    )

  it('a delay is measured within its statistical error', (ctx) => {
    if (missing) ctx.skip(missing)
    const median = medianOf(roundTripsUs(resultsOf('delayed').flat())) / 1_000
    expect(median).toBeGreaterThanOrEqual(DELAY_MS)
    expect(median).toBeLessThan(DELAY_MS + ADDED_MS)
  })

  it('a latency that varies is measured within its statistical error', (ctx) => {
    if (missing) ctx.skip(missing)
    const roundTrips = roundTripsUs(resultsOf('jittery').flat()).map((us) => us / 1_000)
    expectDrawn(roundTrips, LATENCY)
  })

  it('jitter is measured within its statistical error', (ctx) => {
    if (missing) ctx.skip(missing)
    const steps = resultsOf('jittery').flatMap((of) => {
      const roundTrips = roundTripsUs(of).map((us) => us / 1_000)
      return roundTrips.slice(1).map((ms, i) => Math.abs(ms - (roundTrips[i] ?? ms)))
    })
    // Neighbours share a draw: half of them are worth counting.
    expectDrawn(steps, STEP, 2)
  })

  it('those that answer lose nothing and keep their rate within 1 %', (ctx) => {
    if (missing) ctx.skip(missing)
    expect(
      new Set(
        resultsOf('silent')
          .flat()
          .map(({ outcome }) => outcome.kind),
      ),
    ).toEqual(new Set(['lost']))
    let [echoes, spanMs] = [0, 0]
    for (const of of [...resultsOf('delayed'), ...resultsOf('jittery')]) {
      expect(of.filter(({ outcome }) => outcome.kind !== 'reply')).toEqual([])
      echoes += of.length - 1
      spanMs += (of.at(-1)?.sentSteadyMs ?? 0) - (of[0]?.sentSteadyMs ?? 0)
    }
    expect(Math.abs((echoes * INTERVAL_MS) / spanMs - 1)).toBeLessThan(0.01)
  })

  it('a firewall that holds on to a dead flow is left behind after repeated losses', (ctx) => {
    if (missing) ctx.skip(missing)
    const kinds = resultsOf('held')
      .flat()
      .map(({ outcome }) => outcome.kind)
    const answered = kinds.indexOf('reply')
    expect(answered).toBeGreaterThanOrEqual(5)
    // While the fifth is waited for, more of them leave.
    expect(answered).toBeLessThan(20)
    expect(new Set(kinds.slice(0, answered))).toEqual(new Set(['lost']))
    expect(new Set(kinds.slice(answered))).toEqual(new Set(['reply']))
  })

  it('and so is it by a new start, whose identifier is another from the first echo on', (ctx) => {
    if (missing) ctx.skip(missing)
    expect(afterRestart.length).toBeGreaterThan(5)
    expect(new Set(afterRestart.map(({ outcome }) => outcome.kind))).toEqual(new Set(['reply']))
  })
})
