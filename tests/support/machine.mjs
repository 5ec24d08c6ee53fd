// Which programs and rights this machine lacks, and what is not tested for want of them.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PROGRAMS = {
  ping: 'pinging by the ping program, and round trips compared with it',
  fping: 'round trips compared with fping',
  ip: 'pinging through networks of its own (iproute2)',
  nft: 'pinging through lossy networks (nftables)',
  'redis-server': 'the channel layer on Redis',
  pgbouncer: 'running behind a connection pooler',
}

/** One sentence for each program or right that is missing. */
export function describeMissing() {
  const sentences = Object.entries(PROGRAMS)
    .filter(([name]) => !hasProgram(name))
    .map(([name, subject]) => `Without ${name} this is not tested: ${subject}.`)
  if (!mayMakeNetworks()) {
    sentences.push('Without the right to make network namespaces (root) tests in them do not run.')
  }
  if (!mayMount()) {
    sentences.push('Without the right to mount (root) this is not tested: a disk that fills up.')
  }
  return sentences
}

/** @param {string} name */
function hasProgram(name) {
  // Debian keeps some of them where ordinary users do not look.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, name)))
}

/** Whether a network namespace can be made here. */
function mayMakeNetworks() {
  return spawnSync('unshare', ['--net', 'true'], { stdio: 'ignore' }).status === 0
}

/** Whether a file system can be mounted here. */
function mayMount() {
  return spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' }).status === 0
}
