import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findOwnDatabase, runOwnDatabase } from '#lib/launch/own-database.ts'
import { createLog } from '#lib/log.ts'

it('the own database is found by its folder while it runs, and not before or after', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-own-'))
  try {
    expect(await findOwnDatabase(folder)).toBeUndefined()
    const database = await runOwnDatabase(folder, createLog('silent'))
    expect(await findOwnDatabase(folder)).toBe(database.url)
    await database.close()
    expect(await findOwnDatabase(folder)).toBeUndefined()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 30_000)
