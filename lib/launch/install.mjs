// Checks Node and installs the dependencies when they are missing or stale: built-ins only.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const LOCKFILE = join(ROOT, 'package-lock.json')
const MODULES = join(ROOT, 'node_modules')
const STAMP = join(MODULES, '.echowall-installed')

/**
 * Ends the process with one sentence when Node is too old or the dependencies cannot be installed.
 * Without `withTests` a production installation (`npm ci --omit=dev`) counts as complete.
 * @param {{ withTests: boolean }} options
 */
export function installDependencies({ withTests }) {
  requireNode()
  if (isInstalled(withTests)) return
  console.log('Installing the dependencies (only the first time, and after updates) …')
  const { status, error } = runNpm([
    'ci',
    '--no-audit',
    '--no-fund',
    ...(withTests ? ['--include=dev'] : []),
  ])
  if (status !== 0) {
    const reason = error ? error.message : `npm ci ended with ${status}`
    fail(`The dependencies could not be installed (${reason}): check the network, then try again.`)
  }
  writeFileSync(STAMP, fingerprint(withTests))
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 9)) return
  fail(`Echowall needs Node 20.9 or newer, but this is ${process.versions.node}: update Node.`)
}

/** @param {boolean} withTests */
function isInstalled(withTests) {
  const stamp = readIfThere(STAMP)
  if (stamp === fingerprint(true) || stamp === fingerprint(withTests)) return true
  // Installed by hand: npm writes down what it installed.
  const written = readIfThere(join(MODULES, '.package-lock.json'))
  if (written === undefined) return false
  const installed = JSON.parse(written).packages
  const { packages } = JSON.parse(readFileSync(LOCKFILE, 'utf8'))
  return Object.entries(packages).every(([path, entry]) => {
    const present = installed[path]
    if (present) return present.version === entry.version && present.integrity === entry.integrity
    return path === '' || !isNeeded(entry, withTests)
  })
}

/**
 * @param {{ dev?: boolean, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} entry
 * @param {boolean} withTests
 */
function isNeeded({ dev, optional, devOptional, os, cpu, libc }, withTests) {
  if ((dev || devOptional) && !withTests) return false
  if (!optional && !devOptional) return true
  // An optional package is needed when it was made for this machine; npm alone knows about libc.
  return Boolean(os && !libc && os.includes(process.platform) && cpu?.includes(process.arch))
}

/** @param {boolean} withTests */
function fingerprint(withTests) {
  const facts = [process.platform, process.arch, withTests ? 'all' : 'production']
  return createHash('sha256').update(readFileSync(LOCKFILE)).update(facts.join()).digest('hex')
}

/** @param {string[]} args */
function runNpm(args) {
  // Under npm the same npm, else the one on the PATH (a .cmd file on Windows, hence the shell there).
  const npm = process.env.npm_execpath
  const [file, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  return spawnSync(file, [...first, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: file === 'npm' && process.platform === 'win32',
  })
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
