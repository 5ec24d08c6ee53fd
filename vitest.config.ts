// How tests run: pure and database files side by side, whole processes afterwards.
import { defineConfig } from 'vitest/config'

const setupFiles = ['tests/support/console-guard.ts']

export default defineConfig({
  test: {
    globalSetup: ['tests/support/postgres.ts'],
    projects: [
      {
        test: {
          name: 'pure',
          include: ['tests/**/*.test.ts'],
          exclude: ['**/*.{db,e2e}.test.ts'],
          setupFiles,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'db',
          include: ['tests/**/*.db.test.ts'],
          setupFiles,
          maxWorkers: 2,
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/**/*.e2e.test.ts'],
          setupFiles,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
