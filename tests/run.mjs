// What `npm test` runs: installs, builds, checks style and types, runs every suite, counts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { buildWhenStale } from '../lib/launch/build.mjs'
import { installDependencies, ROOT } from '../lib/launch/install.mjs'
import { describeMissing } from './support/machine.mjs'

process.chdir(ROOT)
installDependencies({ withTests: true })
const missing = describeMissing()

const checks = [
  await checkBuild(),
  check('style', '@biomejs/biome/bin/biome', ['check']),
  check('types', 'typescript/bin/tsc', ['--noEmit']),
  check('exports and dependencies', 'knip/bin/knip.js', []),
]
const suites = runSuites()

for (const name of suites.skipped) console.log(`Skipped: ${name}`)
for (const sentence of missing) console.log(sentence)
const passed = suites.passed + checks.filter(Boolean).length
const failed = suites.failed + checks.filter((isSound) => !isSound).length
// Where everything can be installed nothing may be left out.
const isIncomplete = Boolean(process.env.CI) && suites.skipped.length > 0
if (isIncomplete) console.log('In CI every test must run: install what is missing.')
console.log(`${passed} passed, ${failed} failed, ${suites.skipped.length} skipped`)
process.exitCode = failed > 0 || isIncomplete ? 1 : 0

async function checkBuild() {
  const complaint = await buildWhenStale()
  if (complaint !== undefined) console.error(`The pages could not be built.\n${complaint}`)
  return complaint === undefined
}

/**
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 */
function check(name, program, args) {
  const isSound = runNode(program, args) === 0
  console.log(isSound ? `The ${name} are in order.` : `The ${name} are not in order; see above.`)
  return isSound
}

function runSuites() {
  const folder = mkdtempSync(join(tmpdir(), 'echowall-report-'))
  const report = join(folder, 'report.json')
  try {
    const status = runNode('vitest/vitest.mjs', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ])
    const counts = readReport(report)
    // An error outside of any test fails the run all the same.
    if (status !== 0 && counts.failed === 0) counts.failed = 1
    return counts
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} path */
function readReport(path) {
  const counts = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) }
  for (const file of readJson(path)?.testResults ?? []) {
    const tests = file.assertionResults
    counts.passed += tests.filter((test) => test.status === 'passed').length
    const failed = tests.filter((test) => test.status === 'failed').length
    // A file that could not even be loaded is one failure.
    counts.failed += failed === 0 && file.status === 'failed' ? 1 : failed
    for (const test of tests) {
      if (['passed', 'failed'].includes(test.status)) continue
      counts.skipped.push(`${relative(ROOT, file.name)}: ${test.fullName}`)
    }
  }
  return counts
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function runNode(program, args) {
  const file = join(ROOT, 'node_modules', program)
  return spawnSync(process.execPath, [file, ...args], { cwd: ROOT, stdio: 'inherit' }).status
}
