import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { childEnvironment } from '#lib/config.ts'
import { ROOT } from '../support/source-tree.ts'

let root: string

// A repository in small, and an npm that writes down what it was asked and does that much.
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'echowall-install-'))
  mkdirSync(join(root, 'lib/launch'), { recursive: true })
  cpSync(join(ROOT, 'lib/launch/install.mjs'), join(root, 'lib/launch/install.mjs'))
  lock({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } })
  writeFileSync(
    join(root, 'npm.cjs.js'),
    `const fs = require('node:fs')
    fs.appendFileSync('asked', process.argv.slice(2).join(' ') + '\\n')
    if (fs.existsSync('offline')) process.exit(1)
    fs.mkdirSync('node_modules', { recursive: true })`,
  )
  writeFileSync(join(root, 'package.json'), '{ "type": "commonjs" }')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

type Entry = Record<string, unknown>

function lock(packages: Record<string, Entry>): void {
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, ...packages } }),
  )
}

/** What npm itself leaves behind. */
function installedByHand(packages: Record<string, Entry>): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
}

function install(withTests = false): { status: number | null; stderr: string; asked: number } {
  const code = `import('./lib/launch/install.mjs').then((m) => m.installDependencies({ withTests: ${withTests} }))`
  const { status, stderr } = spawnSync(process.execPath, ['-e', code], {
    cwd: root,
    encoding: 'utf8',
    env: childEnvironment({ npm_execpath: join(root, 'npm.cjs.js') }),
  })
  return { status, stderr, asked: timesAsked() }
}

function timesAsked(): number {
  try {
    return readFileSync(join(root, 'asked'), 'utf8').trim().split('\n').length
  } catch {
    return 0
  }
}

describe('installing the dependencies', () => {
  it('happens once, and needs no npm afterwards', () => {
    expect(install()).toMatchObject({ status: 0, asked: 1 })
    writeFileSync(join(root, 'offline'), '')
    expect(install()).toMatchObject({ status: 0, asked: 1 })
  })

  it('happens again when the lockfile changes', () => {
    install()
    lock({ 'node_modules/a': { version: '2.0.0', integrity: 'sha512-b' } })
    expect(install()).toMatchObject({ status: 0, asked: 2 })
  })

  it("believes an npm ci that somebody ran by hand, other machines' packages left out", () => {
    const a = { version: '1.0.0', integrity: 'sha512-a' }
    const elsewhere = { version: '1.0.0', optional: true, os: ['none'], cpu: ['none'] }
    lock({ 'node_modules/a': a, 'node_modules/b': elsewhere })
    installedByHand({ 'node_modules/a': a })
    expect(install()).toMatchObject({ status: 0, asked: 0 })
  })

  it('misses a package made for this machine', () => {
    const here = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] }
    lock({ 'node_modules/b': here })
    installedByHand({})
    expect(install()).toMatchObject({ asked: 1 })
  })

  it('asks for the packages of the tests only where tests run', () => {
    const a = { version: '1.0.0', integrity: 'sha512-a' }
    lock({ 'node_modules/a': a, 'node_modules/t': { version: '1.0.0', dev: true } })
    installedByHand({ 'node_modules/a': a })
    expect(install()).toMatchObject({ asked: 0 })
    expect(install(true)).toMatchObject({ asked: 1 })
    expect(readFileSync(join(root, 'asked'), 'utf8')).toContain('--include=dev')
  })

  it('says in one sentence when it failed, and tries again next time', () => {
    writeFileSync(join(root, 'offline'), '')
    expect(install()).toMatchObject({
      status: 1,
      stderr:
        'The dependencies could not be installed (npm ci ended with 1): check the network, then try again.\n',
    })
    rmSync(join(root, 'offline'))
    expect(install()).toMatchObject({ status: 0, asked: 2 })
  })
})
