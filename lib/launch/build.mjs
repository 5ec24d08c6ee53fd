// Builds the pages with Next when their sources have changed: built-ins only.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './install.mjs'

const SOURCES = ['app', 'lib', 'next.config.js', 'package-lock.json', 'package.json']
const OPTIONAL_SOURCES = ['postcss.config.mjs', 'public']
const STAMP = join(ROOT, '.next', 'echowall-sources')

/**
 * Resolves to undefined when the build is fresh or succeeded, else to what Next said.
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | undefined>}
 */
export async function buildWhenStale(signal) {
  const sources = hashSources()
  if (sources === readStamp()) return undefined
  console.log('Building the pages (the first time, and after changes; about a minute) …')
  const complaint = await runNextBuild(signal)
  if (complaint === undefined) writeFileSync(STAMP, sources)
  return complaint
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | undefined>}
 */
function runNextBuild(signal) {
  const next = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next')
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  let output = ''
  const keep = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-8_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? undefined : output.trim()))
  })
}

function hashSources() {
  const hash = createHash('sha256')
  for (const source of [...SOURCES, ...OPTIONAL_SOURCES]) {
    for (const path of listFiles(source)) {
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(ROOT, path)))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function listFiles(path) {
  try {
    return readdirSync(join(ROOT, path))
      .sort()
      .flatMap((name) => listFiles(`${path}/${name}`))
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    if (error.code === 'ENOENT' && OPTIONAL_SOURCES.includes(path)) return []
    throw error
  }
}

function readStamp() {
  try {
    return readFileSync(STAMP, 'utf8')
  } catch {
    return undefined
  }
}
