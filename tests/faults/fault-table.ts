// Prints what became of every fault, and keeps it in docs/faults.md with the machine's name.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

const HERE = dirname(fileURLToPath(import.meta.url))
const PAGE = join(HERE, '../../docs/faults.md')
const START = '<!-- faults: printed by npm run faults -->'
const END = '<!-- end of faults -->'
const VERDICT = { passed: 'yes', failed: '**no**', skipped: 'not tried', pending: 'not tried' }

/** A reporter for Vitest. The page is written only when every file of faults has run. */
export function createFaultTable(): Reporter {
  return {
    onTestRunEnd(modules) {
      const table = [`${machine()}\n`, ...tableOf(modules)].join('\n')
      console.log(`\n${table}\n`)
      if (modules.length === countFiles()) writeFileSync(PAGE, withTable(table))
      else console.log('Not every fault was tried: docs/faults.md stays as it is.')
    },
  }
}

function tableOf(modules: readonly TestModule[]): string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  return [
    '| Fault | What has to hold | Measured | Held |',
    '| --- | --- | --- | --- |',
    ...tests.map(rowOf).sort(),
  ]
}

function rowOf(test: TestCase): string {
  const report = test.meta().faultReport
  const cells = [report?.fault ?? test.name, report?.holds, report?.measured.join('; ')]
  const verdict = VERDICT[test.result().state]
  return `| ${[...cells, verdict].map((cell = '') => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function machine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const day = new Date().toISOString().slice(0, 10)
  return `Measured on ${day}: ${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GiB, ${process.platform} ${release()}, Node ${process.versions.node}.`
}

function countFiles(): number {
  return readdirSync(HERE).filter((name) => /\.(?:db|e2e)\.test\.ts$/.test(name)).length
}

function withTable(table: string): string {
  const page = readFileSync(PAGE, 'utf8')
  const [from, to] = [page.indexOf(START), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error('docs/faults.md lacks its markers.')
  return `${page.slice(0, from)}${START}\n${table}\n${page.slice(to)}`
}
