import { type ChildProcess, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { ChildReport, ChildTask } from './prober-child.ts'
import { probeOf } from './probing.ts'

const CHILD = new URL('./prober-child.ts', import.meta.url).pathname
const PROBES = 400
const STOPPED_MS = 3_000

let child: ChildProcess | undefined

afterEach(() => {
  child?.kill('SIGKILL')
})

it('a prober that was suspended fires no burst, loses nothing, and counts what it missed', async (ctx) => {
  const probes = Array.from({ length: PROBES }, (_, index) =>
    probeOf({ id: index + 1, address: `127.2.${index >> 8}.${index & 255}`, intervalMs: 1_000 }),
  )
  const task: ChildTask = { choice: 'icmp', probes, measureMs: 9_000 }
  const args = ['--import', 'tsx', CHILD, JSON.stringify(task)]
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child = running
  await pause(5_000)
  running.kill('SIGSTOP')
  await pause(STOPPED_MS)
  running.kill('SIGCONT')
  const report: ChildReport = JSON.parse(await text(running.stdout))
  if ('refused' in report) return ctx.skip(report.refused)

  const times = report.results.map(({ sentSteadyMs }) => sentSteadyMs).sort((a, b) => a - b)
  const resumedMs = times.find((at, index) => at - (times[index - 1] ?? at) > STOPPED_MS - 500) ?? 0
  expect(resumedMs).toBeGreaterThan(0)
  expect(report.results.filter(({ outcome }) => outcome.kind !== 'reply')).toEqual([])
  expect(report.counters.unsent).toBeGreaterThan((PROBES * (STOPPED_MS - 500)) / 1_000)

  const tenthOfSecond = times.filter((at) => at >= resumedMs && at < resumedMs + 100)
  expect(tenthOfSecond.length).toBeLessThan((3 * PROBES) / 10)
})
