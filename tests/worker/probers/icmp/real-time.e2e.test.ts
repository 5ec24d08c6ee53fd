import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { createIcmpProber } from '../../../../worker/probers/icmp/prober.ts'
import { openProbing, type Probing } from '../probing.ts'

const SCHED = { ordinary: '0', roundRobin: '2' } as const

let probing: Probing | undefined

afterEach(() => probing?.prober.close())

/** The scheduling policy of each thread of this process, the 41st field of its stat (proc_pid_stat(5)). */
function policies(): string[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38] ?? ''
  })
}

it('its own thread waits for no ordinary one where that is allowed, and no other thread does so', async (ctx) => {
  try {
    execFileSync('chrt', ['--rr', '1', 'true'], { stdio: 'ignore' })
    probing = await openProbing(createIcmpProber)
  } catch {
    return ctx.skip('needs ICMP sockets and the right to real time')
  }
  const others = policies().filter((policy) => policy !== SCHED.roundRobin)
  expect(policies().filter((policy) => policy === SCHED.roundRobin)).toHaveLength(1)
  expect(new Set(others)).toEqual(new Set([SCHED.ordinary]))
})
