// Which ping program this system has, how it is called, and whether it may send at all.
import { execFile } from 'node:child_process'
import { childEnvironment } from '#lib/config.ts'
import type { Probe } from '../prober.ts'

export type PingProgram = {
  /** Program and arguments that ping this probe until killed, or for an hour. */
  commandFor(probe: Probe): [program: string, ...rest: string[]]
  /** What it calls its first echo. */
  readonly firstSequence: number
}

const CHECK_TIMEOUT_MS = 5_000

/** The words of the output must be English. */
export const pingEnvironment = (): NodeJS.ProcessEnv => childEnvironment({ LC_ALL: 'C' })

/** Rejects with a sentence where there is no ping, or where it may not send. */
export async function findPingProgram(sources: string[] = []): Promise<PingProgram> {
  const check = await run(['-n', '-c', '1', '127.0.0.1'])
  if (check.code === 'ENOENT') throw new Error('There is no ping program on this system.')
  if (!/\btime[=<]/.test(check.output)) {
    const reason = check.output.trim().split('\n').at(-1) || `it ended with ${check.code}`
    throw new Error(`The ping program cannot ping 127.0.0.1: ${reason}`)
  }
  const isMac = process.platform === 'darwin'
  const isIputils = !isMac && /iputils/.test((await run(['-V'])).output)
  const command = isMac ? macCommand : isIputils ? iputilsCommand : busyboxCommand
  return { commandFor, firstSequence: isIputils ? 1 : 0 }

  function commandFor(probe: Probe): [program: string, ...rest: string[]] {
    const [program, ...args] = command(probe)
    const source = sources.find((own) => own.includes(':') === probe.address.includes(':'))
    return source ? [program, isMac ? '-S' : '-I', source, ...args] : [program, ...args]
  }
}

// -O names each echo that is not answered yet, -D tells when a line was printed.
function iputilsCommand(probe: Probe): [string, ...string[]] {
  const { ttl, dscp, dontFragment, address } = probe
  const manner = ['-t', `${ttl}`, '-Q', `${dscp << 2}`, '-M', dontFragment ? 'do' : 'dont']
  return ['ping', '-n', '-O', '-D', ...rhythm(probe), ...manner, address]
}

// Others end with the pipe they write to. BusyBox is silent while nobody answers: -w ends it in an
// hour at the latest when a worker was killed; one that lives starts it anew.
function busyboxCommand(probe: Probe): [string, ...string[]] {
  return ['ping', '-n', ...rhythm(probe), '-t', `${probe.ttl}`, '-w', '3600', probe.address]
}

function macCommand(probe: Probe): [string, ...string[]] {
  const { ttl, dscp, dontFragment, address } = probe
  if (address.includes(':')) return ['ping6', '-n', ...rhythm(probe), '-h', `${ttl}`, address]
  const manner = ['-m', `${ttl}`, '-z', `${dscp << 2}`, ...(dontFragment ? ['-D'] : [])]
  return ['ping', '-n', ...rhythm(probe), ...manner, address]
}

function rhythm({ intervalMs, payloadBytes }: Probe): string[] {
  return ['-i', `${intervalMs / 1_000}`, '-s', `${payloadBytes}`]
}

function run(args: string[]): Promise<{ code: string | number; output: string }> {
  return new Promise((resolve) => {
    const options = { env: pingEnvironment(), timeout: CHECK_TIMEOUT_MS }
    execFile('ping', args, options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr })
    })
  })
}
