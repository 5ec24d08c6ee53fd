// What `npm run faults` runs: every fault in its full form, one at a time, and the table.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { createFaultTable } from './fault-table.ts'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/faults/*.{db,e2e}.test.ts'],
    globalSetup: ['tests/support/postgres.ts'],
    setupFiles: ['tests/support/console-guard.ts'],
    provide: { faultForm: 'full' },
    reporters: ['default', createFaultTable()],
    fileParallelism: false,
    hookTimeout: 120_000,
  },
})
