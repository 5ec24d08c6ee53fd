import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { afterEach, expect, it } from 'vitest'
import { openProber } from '../../../worker/probers/choose.ts'
import { until } from '../../support/until.ts'
import type { ChildTask } from './prober-child.ts'
import { openProbing, probeOf } from './probing.ts'

const CHILD = new URL('./prober-child.ts', import.meta.url).pathname

let child: ChildProcess | undefined

afterEach(() => {
  child?.kill('SIGKILL')
})

/** How many ping processes have this network in their command line. */
function countPings(network: string): number {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.startsWith('ping ') && line.includes(network)).length
}

const probesIn = (network: string) =>
  Array.from({ length: 20 }, (_, index) =>
    probeOf({ id: index + 1, address: `${network}${index + 1}` }),
  )

it('has one ping process per address, and none after it is closed', async (ctx) => {
  const probing = await openProbing((options) => openProber('ping-command', options)).catch(
    (error: Error) => ctx.skip(`needs a working ping: ${error.message}`),
  )
  const { prober, results } = probing
  expect(prober.advice).toMatch(/PROBER=auto/)
  prober.start(probesIn('127.3.1.'))
  prober.start(probesIn('127.3.1.'))
  await until(() => new Set(results.map(({ probeId }) => probeId)).size === 20, 10_000)
  expect(countPings('127.3.1.')).toBe(20)
  prober.stop([1, 2, 3, 4, 5])
  await until(() => countPings('127.3.1.') === 15)
  await prober.close()
  expect(countPings('127.3.1.')).toBe(0)
})

it('starts a ping again that was killed', async (ctx) => {
  const probing = await openProbing((options) => openProber('ping-command', options)).catch(
    (error: Error) => ctx.skip(`needs a working ping: ${error.message}`),
  )
  const { prober, results } = probing
  prober.start([probeOf({ id: 1, address: '127.3.2.1' })])
  await until(() => results.length > 1)
  const found = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
  const pid = Number(/^ *(\d+) ping .*127\.3\.2\.1$/m.exec(found)?.[1])
  process.kill(pid, 'SIGKILL')
  await until(() => countPings('127.3.2.') === 0)
  const before = results.length
  await until(() => results.length > before + 1)
  expect(results.every(({ outcome }) => outcome.kind === 'reply')).toBe(true)
  await prober.close()
})

it('leaves no ping behind when its process is killed with -9', async () => {
  const task: ChildTask = {
    choice: 'ping-command',
    probes: probesIn('127.3.3.'),
    measureMs: 60_000,
  }
  const args = ['--import', 'tsx', CHILD, JSON.stringify(task)]
  const running = spawn(process.execPath, args, { stdio: 'ignore' })
  child = running
  await until(() => countPings('127.3.3.') === 20, 20_000)
  running.kill('SIGKILL')
  await until(() => countPings('127.3.3.') === 0, 5_000)
})
