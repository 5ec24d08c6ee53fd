// As whom PostgreSQL runs: it refuses root, must reach its folder, and must not outlive us.
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LaunchFault } from './launch-fault.ts'

export type Account = { uid: number; gid: number }
export type Command = { file: string; args: string[]; uid?: number; gid?: number }

/** The account for a server whose data lie in `folder`; undefined when we are not root. */
export function accountFor(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(folder)) {
    const { uid, gid } = statSync(folder)
    if (uid !== 0) return { uid, gid }
  }
  const account = findAccount('postgres') ?? findAccount('nobody')
  if (account) return account
  throw new LaunchFault(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as: start as an ordinary user.',
  )
}

/**
 * The command that runs `program` as `account` (as ourselves without one), able to reach `paths`,
 * and, where util-linux is there, told to stop (SIGINT) should this process die.
 */
export function commandAs(
  account: Account | undefined,
  program: string,
  args: string[],
  paths: string[],
): Command {
  const setpriv = findProgram('setpriv')
  const blocked = account && [program, ...paths].find((path) => !mayReach(account, path))
  if (!setpriv && blocked) {
    throw new LaunchFault(
      `PostgreSQL does not run as root, and its user cannot reach ${blocked}: install util-linux (setpriv), move the folder, or start as an ordinary user.`,
    )
  }
  if (!setpriv) return { file: program, args, ...account }
  return {
    file: setpriv,
    args: [
      ...(account ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'] : []),
      ...(blocked ? reachingCapability() : []),
      '--pdeathsig=INT',
      program,
      ...args,
    ],
  }
}

// Below a folder such as /root (mode 0700) the one capability to pass through folders is kept.
// Without no_setuid_fixup access(2), which initdb asks, would not count it.
function reachingCapability(): string[] {
  const name = holdsCapability(CAP_DAC_READ_SEARCH) ? 'dac_read_search' : 'dac_override'
  const only = `-all,+${name}`
  return [
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
    '--securebits=+no_setuid_fixup',
  ]
}

const CAP_DAC_READ_SEARCH = 2n

function holdsCapability(bit: bigint): boolean {
  const held = /^CapPrm:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return held !== undefined && ((BigInt(`0x${held}`) >> bit) & 1n) === 1n
}

// Group rights are not counted: a folder that only a group may pass needs the capability, no harm.
function mayReach({ uid }: Account, path: string): boolean {
  if (existsSync(path)) {
    const { mode, uid: owner } = statSync(path)
    if ((owner === uid ? mode & 0o100 : mode & 0o001) === 0) return false
  }
  const parent = dirname(path)
  return parent === path || mayReach({ uid, gid: 0 }, parent)
}

function findAccount(name: string): Account | undefined {
  try {
    const ask = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return undefined
  }
}

function findProgram(name: string): string | undefined {
  if (process.platform !== 'linux') return undefined
  const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
