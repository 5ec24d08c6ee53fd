import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, it, type TestContext } from 'vitest'
import { openProber } from '../../../worker/probers/choose.ts'
import { until } from '../../support/until.ts'
import type { ChildTask } from './prober-child.ts'
import { openProbing, type Probing, probeOf } from './probing.ts'

const CHILD = new URL('./prober-child.ts', import.meta.url).pathname

let probing: Probing | undefined
let child: ChildProcess | undefined

afterEach(async () => {
  await probing?.prober.close()
  child?.kill('SIGKILL')
  probing = undefined
})

async function openOrSkip(ctx: TestContext): Promise<Probing> {
  try {
    probing = await openProbing((options) => openProber('ping-command', options))
    return probing
  } catch (error) {
    return ctx.skip(`needs a working ping: ${error instanceof Error ? error.message : error}`)
  }
}

/** The ping processes that have this network in their command line. */
function pingsOf(network: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).startsWith('ping\0') && commandOf(pid).includes(network))
    .map(Number)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

const probesIn = (network: string) =>
  Array.from({ length: 20 }, (_, index) =>
    probeOf({ id: index + 1, address: `${network}${index + 1}` }),
  )

it('has one ping process per address, and none after it is closed', async (ctx) => {
  const { prober, results } = await openOrSkip(ctx)
  expect(prober.advice).toMatch(/PROBER=auto/)
  prober.start(probesIn('127.3.1.'))
  prober.start(probesIn('127.3.1.'))
  await until(() => new Set(results.map(({ probeId }) => probeId)).size === 20, 10_000)
  expect(pingsOf('127.3.1.')).toHaveLength(20)
  prober.stop([1, 2, 3, 4, 5])
  await until(() => pingsOf('127.3.1.').length === 15)
  await prober.close()
  expect(pingsOf('127.3.1.')).toEqual([])
})

it('starts a ping again that was killed', async (ctx) => {
  const { prober, results } = await openOrSkip(ctx)
  prober.start([probeOf({ id: 1, address: '127.3.2.1' })])
  await until(() => results.length > 1)
  for (const pid of pingsOf('127.3.2.1')) process.kill(pid, 'SIGKILL')
  await until(() => pingsOf('127.3.2.').length === 0)
  const before = results.length
  await until(() => results.length > before + 1)
  expect(results.every(({ outcome }) => outcome.kind === 'reply')).toBe(true)
})

it('takes nothing for an address that could be an option of ping', async (ctx) => {
  const { prober, results } = await openOrSkip(ctx)
  prober.start([probeOf({ id: 1, address: '-f' }), probeOf({ id: 2, address: '127.3.4.1' })])
  await until(() => results.length > 1)
  expect(pingsOf('-f\0')).toEqual([])
})

it('leaves no ping behind when its process is killed with -9', async (ctx) => {
  await openOrSkip(ctx)
  const task: ChildTask = {
    choice: 'ping-command',
    probes: probesIn('127.3.3.'),
    measureMs: 60_000,
  }
  const args = ['--import', 'tsx', CHILD, JSON.stringify(task)]
  const running = spawn(process.execPath, args, { stdio: 'ignore' })
  child = running
  await until(() => pingsOf('127.3.3.').length === 20, 20_000)
  running.kill('SIGKILL')
  await until(() => pingsOf('127.3.3.').length === 0, 5_000)
})
