import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EchoResult } from '../../../worker/prober.ts'
import {
  addressOf,
  DELAY_MS,
  JITTER_MS,
  LATE_MS,
  MANNERS,
  type Manner,
  ROUTER,
  SLOW_MS,
} from '../responder/manners.ts'
import { openResponderNetwork, type ResponderNetwork } from '../responder/network.ts'
import type { ChildReport, ChildTask } from './prober-child.ts'
import { medianOf, probeOf, roundTripsUs } from './probing.ts'

const run = promisify(execFile)
const CHILD = new URL('./prober-child.ts', import.meta.url).pathname
const WITHOUT_RAW = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw']
const MEASURE_MS = 9_000
const ECHOES = 30
/** What a busy machine may add to a round trip, at the median. */
const SLACK_MS = 5
const FAMILIES = [4, 6] as const

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

async function measure(task: ChildTask, rights: string[]): Promise<ChildReport> {
  const command = [
    ...(network?.inside ?? []),
    ...rights,
    process.execPath,
    '--import',
    'tsx',
    CHILD,
  ]
  const [program = '', ...args] = [...command, JSON.stringify(task)]
  const { stdout } = await run(program, args, { maxBuffer: 64 << 20 })
  return JSON.parse(stdout)
}

const idOf = (manner: Manner, family: 4 | 6) => MANNERS.indexOf(manner) * 10 + family

describe.each([
  ['raw', []],
  ['datagram', WITHOUT_RAW],
] as const)('through %s sockets', (_kind, rights) => {
  let report: Exclude<ChildReport, { refused: string }> | undefined

  beforeAll(async () => {
    if (!network) return
    const groups = 'echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range'
    const [program = '', ...args] = network.inside
    await run(program, [...args, 'sh', '-c', groups])
    const probes = FAMILIES.flatMap((family) =>
      MANNERS.map((manner) =>
        probeOf({
          id: idOf(manner, family),
          address: addressOf(manner, family),
          timeoutMs: manner === 'late' ? LATE_MS - 200 : 1_000,
        }),
      ),
    )
    const answer = await measure({ choice: 'icmp', probes, measureMs: MEASURE_MS }, [...rights])
    if ('refused' in answer) throw new Error(answer.refused)
    report = answer
  })

  const resultsOf = (manner: Manner, family: 4 | 6): EchoResult[] =>
    report?.results.filter(({ probeId }) => probeId === idOf(manner, family)) ?? []

  function roundTripsMs(manner: Manner, family: 4 | 6): number[] {
    const results = resultsOf(manner, family)
    const roundTrips = roundTripsUs(results).map((us) => us / 1_000)
    expect(results.length).toBeGreaterThan(ECHOES)
    expect(roundTrips).toHaveLength(results.length)
    return roundTrips
  }

  describe.each(FAMILIES)('over IPv%i', (family) => {
    it('a delay is measured as it is', (ctx) => {
      if (missing) ctx.skip(missing)
      const median = medianOf(roundTripsMs('delayed', family))
      expect(median).toBeGreaterThanOrEqual(DELAY_MS)
      expect(median).toBeLessThan(DELAY_MS + SLACK_MS)
    })

    it('jitter is measured as it is', (ctx) => {
      if (missing) ctx.skip(missing)
      const roundTrips = roundTripsMs('jittery', family)
      const [least, most] = JITTER_MS
      expect(Math.min(...roundTrips)).toBeGreaterThanOrEqual(least)
      // Of thirty draws hardly all fall into one half: (1/2)^30.
      expect(Math.min(...roundTrips)).toBeLessThan((least + most) / 2)
      expect(Math.max(...roundTrips)).toBeGreaterThan((least + most) / 2)
    })

    it('replies that overtake each other reach their own echoes', (ctx) => {
      if (missing) ctx.skip(missing)
      const roundTrips = roundTripsMs('reordered', family)
      const slow = roundTrips.filter((ms) => ms >= SLOW_MS)
      const fast = roundTrips.filter((ms) => ms < SLOW_MS)
      expect(Math.abs(slow.length - fast.length)).toBeLessThanOrEqual(1)
      expect(medianOf(fast)).toBeLessThan(SLACK_MS)
      expect(medianOf(slow)).toBeLessThan(SLOW_MS + SLACK_MS)
    })

    it('a reply to the echo before is not taken for one to the echo just sent', (ctx) => {
      if (missing) ctx.skip(missing)
      const answered = roundTripsUs(resultsOf('stale', family)).map((us) => us / 1_000)
      expect(answered.length).toBeGreaterThan(ECHOES)
      expect(Math.min(...answered)).toBeGreaterThan(100)
    })

    it('second replies change nothing', (ctx) => {
      if (missing) ctx.skip(missing)
      expect(medianOf(roundTripsMs('doubled', family))).toBeLessThan(3)
    })

    it.for(['late', 'damaged', 'forged', 'silent'] as const)(
      'an echo whose answer is %s is lost',
      (manner, ctx) => {
        if (missing) ctx.skip(missing)
        const kinds = resultsOf(manner, family).map(({ outcome }) => outcome.kind)
        expect(kinds.length).toBeGreaterThan(ECHOES)
        expect(new Set(kinds)).toEqual(new Set(['lost']))
      },
    )

    it('a router that ends an echo is named', (ctx) => {
      if (missing) ctx.skip(missing)
      const outcomes = resultsOf('expired', family).map(({ outcome }) => outcome)
      expect(outcomes.length).toBeGreaterThan(ECHOES)
      const from = family === 4 ? ROUTER[4] : 'fd90::fe:fe'
      for (const outcome of outcomes) expect(outcome).toEqual({ kind: 'ttl-exceeded', from })
    })
  })

  it('late and second replies are counted, and nothing else is', (ctx) => {
    if (missing) ctx.skip(missing)
    const of = (manner: Manner) =>
      FAMILIES.reduce((sum, family) => sum + resultsOf(manner, family).length, 0)
    const { late, duplicates, receiveDrops, unsent } = report?.counters ?? {}
    expect({ late, duplicates, receiveDrops, unsent }).toEqual({
      late: of('late'),
      duplicates: of('doubled'),
      receiveDrops: 0,
      unsent: 0,
    })
  })
})
