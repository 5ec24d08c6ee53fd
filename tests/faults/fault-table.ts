// Prints what became of every fault, and keeps it in docs/faults.md with the machine's name.
import { readdirSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { printPart, tableOf } from '../support/printed-page.ts'

const PART = { page: 'docs/faults.md', name: 'faults', command: 'npm run faults' }
const VERDICT = { passed: 'yes', failed: '**no**', skipped: 'not tried', pending: 'not tried' }

/** A reporter for Vitest. The page is written only when every file of faults has run. */
export function createFaultTable(): Reporter {
  return {
    onTestRunEnd(modules) {
      printPart(PART, tableOfFaults(modules), { isWhole: modules.length === countFiles() })
    },
  }
}

function tableOfFaults(modules: readonly TestModule[]): string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const rows = tests.map(rowOf).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return tableOf(['Fault', 'What has to hold', 'Measured', 'Held'], rows)
}

function rowOf(test: TestCase): string[] {
  const report = test.meta().faultReport
  const verdict = VERDICT[test.result().state]
  return [
    report?.fault ?? test.name,
    report?.holds ?? '',
    report?.measured.join('; ') ?? '',
    verdict,
  ]
}

function countFiles(): number {
  return readdirSync(new URL('.', import.meta.url)).filter((name) =>
    /\.(?:db|e2e)\.test\.ts$/.test(name),
  ).length
}
