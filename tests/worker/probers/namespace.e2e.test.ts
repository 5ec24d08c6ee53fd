import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Probe } from '../../../worker/prober.ts'
import { FAR, HOST, LOSS_PERCENT, type Namespaces, ROUTER, tryNamespaces } from './namespaces.ts'
import type { ChildReport, ChildTask } from './prober-child.ts'
import { probeOf } from './probing.ts'

const run = promisify(execFile)
const CHILD = new URL('./prober-child.ts', import.meta.url).pathname
const WITHOUT_RAW = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw']
const MEASURE_MS = 4_000
const LOSSY_PROBES = 60

let namespaces: Namespaces | undefined
let missing = ''

beforeAll(() => {
  const tried = tryNamespaces()
  namespaces = tried.namespaces
  missing = tried.missing
})

afterAll(() => namespaces?.close())

async function measure(task: ChildTask, rights: string[], groups: string): Promise<ChildReport> {
  const { client, runIn } = namespaces ?? {}
  if (!client) throw new Error(missing)
  runIn?.(client, 'sh', '-c', `echo "${groups}" > /proc/sys/net/ipv4/ping_group_range`)
  const node = [process.execPath, '--import', 'tsx', CHILD, JSON.stringify(task)]
  const options = { maxBuffer: 64 << 20 }
  const { stdout } = await run('ip', ['netns', 'exec', client, ...rights, ...node], options)
  return JSON.parse(stdout)
}

const IDS = {
  answering: 1,
  answering6: 2,
  silent: 3,
  blackholed: 4,
  unreachable: 5,
  prohibited: 6,
  unreachable6: 7,
  exceeded: 8,
  exceeded6: 9,
  tooLong: 10,
  fragmented: 11,
  routeless: 12,
  firstLossy: 100,
}

const PROBES: Probe[] = [
  probeOf({ id: IDS.answering, address: HOST.answering }),
  probeOf({ id: IDS.answering6, address: FAR.answering6 }),
  probeOf({ id: IDS.silent, address: HOST.silent }),
  probeOf({ id: IDS.blackholed, address: FAR.blackholed }),
  probeOf({ id: IDS.unreachable, address: FAR.unreachable }),
  probeOf({ id: IDS.prohibited, address: FAR.prohibited }),
  probeOf({ id: IDS.unreachable6, address: FAR.unreachable6 }),
  probeOf({ id: IDS.exceeded, address: HOST.answering, ttl: 1 }),
  probeOf({ id: IDS.exceeded6, address: FAR.answering6, ttl: 1 }),
  probeOf({ id: IDS.tooLong, address: HOST.answering, payloadBytes: 1_400, dontFragment: true }),
  probeOf({ id: IDS.fragmented, address: HOST.answering, payloadBytes: 4_000 }),
  probeOf({ id: IDS.routeless, address: FAR.routeless }),
  ...Array.from({ length: LOSSY_PROBES }, (_, index) =>
    probeOf({ id: IDS.firstLossy + index, address: HOST.lossy }),
  ),
]

const answers = { kind: 'reply' }
const EXPECTED: [what: string, id: number, outcome: object][] = [
  ['an answering host', IDS.answering, answers],
  ['an answering IPv6 host', IDS.answering6, answers],
  ['packets that need fragments', IDS.fragmented, answers],
  ['a silent host', IDS.silent, { kind: 'lost' }],
  ['a black hole', IDS.blackholed, { kind: 'lost' }],
  ['no route behind the router', IDS.unreachable, unreachable(1, ROUTER.near)],
  ['a prohibited network', IDS.prohibited, unreachable(13, ROUTER.near)],
  ['no IPv6 route behind the router', IDS.unreachable6, unreachable(0, ROUTER.near6)],
  ['a TTL of one', IDS.exceeded, { kind: 'ttl-exceeded', from: ROUTER.near }],
  ['an IPv6 hop limit of one', IDS.exceeded6, { kind: 'ttl-exceeded', from: ROUTER.near6 }],
  ['a packet too long for the path', IDS.tooLong, unreachable(4, ROUTER.near)],
]

function unreachable(code: number, from: string) {
  return { kind: 'unreachable', code, from }
}

describe.each([
  ['raw', 'icmp', []],
  ['datagram', 'icmp', WITHOUT_RAW],
] as const)('through %s sockets', (_kind, choice, rights) => {
  let report: Exclude<ChildReport, { refused: string }> | undefined

  beforeAll(async () => {
    if (missing) return
    const task: ChildTask = { choice, probes: PROBES, measureMs: MEASURE_MS }
    const answer = await measure(task, [...rights], '0 2147483647')
    if ('refused' in answer) throw new Error(answer.refused)
    report = answer
  })

  const outcomesOf = (id: number) =>
    report?.results.filter(({ probeId }) => probeId === id).map(({ outcome }) => outcome) ?? []

  it.for(EXPECTED)('%s is told as what it is', ([, id, outcome], ctx) => {
    if (missing) ctx.skip(missing)
    const outcomes = outcomesOf(id)
    expect(outcomes.length).toBeGreaterThan(10)
    for (const each of outcomes) expect(each).toMatchObject(outcome)
  })

  it('an echo that has no route from here gives no result, and is counted', (ctx) => {
    if (missing) ctx.skip(missing)
    expect(outcomesOf(IDS.routeless)).toEqual([])
    expect(report?.counters.unsent).toBeGreaterThan(10)
  })

  it(`a loss of ${LOSS_PERCENT} % is measured as that`, (ctx) => {
    if (missing) ctx.skip(missing)
    const outcomes = Array.from({ length: LOSSY_PROBES }, (_, i) => outcomesOf(IDS.firstLossy + i))
    const all = outcomes.flat()
    const lost = all.filter(({ kind }) => kind === 'lost').length
    expect(all.length).toBeGreaterThan(900)
    // Four standard deviations of a thousand echoes.
    expect(Math.abs((100 * lost) / all.length - LOSS_PERCENT)).toBeLessThan(6)
  })

  it('every echo that left has one result', (ctx) => {
    if (missing) ctx.skip(missing)
    expect(report?.results).toHaveLength(report?.counters.sent ?? -1)
  })
})

describe('without the right to open any ICMP socket', () => {
  const task: ChildTask = { choice: 'auto', probes: [probeOf({ id: 1 })], measureMs: 1_500 }

  it('icmp is refused with a sentence that says how to allow it', async (ctx) => {
    if (missing) ctx.skip(missing)
    const report = await measure({ ...task, choice: 'icmp' }, WITHOUT_RAW, '1 0')
    expect(report).toEqual({ refused: expect.stringMatching(/ping_group_range.*setcap/) })
  })

  it('auto takes the ping program and advises how to ping fast', async (ctx) => {
    if (missing) ctx.skip(missing)
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    const report = await measure(task, nobody, '1 0').catch((error: Error) =>
      ctx.skip(`needs this folder readable to others: ${error.message}`),
    )
    if ('refused' in report) return ctx.skip(`needs a ping that may send: ${report.refused}`)
    expect(report.name).toBe('ping-command')
    expect(report.advice).toMatch(/ping_group_range.*setcap/)
    expect(report.results.length).toBeGreaterThan(2)
    expect(report.results.every(({ outcome }) => outcome.kind === 'reply')).toBe(true)
  })

  it('auto says in one sentence that nothing works where ping may not send either', async (ctx) => {
    if (missing) ctx.skip(missing)
    const report = await measure(task, WITHOUT_RAW, '1 0')
    expect(report).toEqual({ refused: expect.stringMatching(/^Nothing here can ping\. /) })
  })
})
