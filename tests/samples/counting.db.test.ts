import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { whileCounting } from '#lib/samples/counting.ts'
import { createSetting, failureOf } from '../support/setting.ts'

const { db } = createSetting()

describe('counting', () => {
  it('is told the time of the database', async () => {
    const now = await whileCounting(db(), async (_, at) => at)
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(5_000)
  })

  it('that takes too long is given up with a word on what to do, and leaves no limit behind', async () => {
    const counted = whileCounting(db(), async (tx) => {
      await tx.execute(sql`select set_config('statement_timeout', '20ms', true)`)
      await tx.execute(sql`select pg_sleep(10)`)
    })
    const refused = await failureOf(counted)
    expect(refused.code).toBe('invalid')
    expect(refused.message).toContain('shorter')
    await db().execute(sql`select pg_sleep(0.05)`)
  })

  it('that fails otherwise fails as it did', async () => {
    const counted = whileCounting(db(), (tx) => tx.execute(sql`select 1 / 0`))
    await expect(counted).rejects.toMatchObject({ cause: { code: '22012' } })
  })
})
