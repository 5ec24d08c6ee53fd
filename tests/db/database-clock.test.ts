import { describe, expect, it } from 'vitest'
import { createDatabaseClock } from '#lib/db/database-clock.ts'
import { createManualClock } from '../support/manual-clock.ts'

const DATABASE_MS = 1_800_000_000_000

describe('the database clock', () => {
  it("starts from this machine's wall clock", () => {
    const clock = createManualClock(5_000)
    expect(createDatabaseClock(clock).toDatabaseMs(5_250)).toBe(5_250)
  })

  it('takes the middle of a reading as the moment of the answer', () => {
    const databaseClock = createDatabaseClock(createManualClock(0))
    databaseClock.read(DATABASE_MS, 1_000, 1_010)
    expect(databaseClock.toDatabaseMs(1_005)).toBe(DATABASE_MS)
    expect(databaseClock.toDatabaseMs(2_005.4)).toBe(DATABASE_MS + 1_000)
  })

  it('keeps a sharp reading against later vague ones that agree with it', () => {
    const databaseClock = createDatabaseClock(createManualClock(0))
    databaseClock.read(DATABASE_MS, 1_000, 1_000.2)
    databaseClock.read(DATABASE_MS + 1_030, 2_000, 2_080)
    expect(databaseClock.toDatabaseMs(1_000.1)).toBe(DATABASE_MS)
  })

  it('follows a clock that was set, however sharp the reading before', () => {
    const databaseClock = createDatabaseClock(createManualClock(0))
    databaseClock.read(DATABASE_MS, 1_000, 1_000.2)
    databaseClock.read(DATABASE_MS + 3_600_000, 2_000, 2_080)
    expect(databaseClock.toDatabaseMs(2_040)).toBe(DATABASE_MS + 3_600_000)
  })

  it('gives up a reading after a minute, for clocks drift apart', () => {
    const databaseClock = createDatabaseClock(createManualClock(0))
    databaseClock.read(DATABASE_MS, 1_000, 1_000.2)
    databaseClock.read(DATABASE_MS + 61_003, 62_000, 62_010)
    expect(databaseClock.toDatabaseMs(62_005)).toBe(DATABASE_MS + 61_003)
  })
})
