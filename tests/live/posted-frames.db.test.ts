import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChannelLayer } from '#lib/channels/open-layer.ts'
import { createPostedFrames } from '#lib/live/posted-frames.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig } from '../support/factories.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

// What two web processes have: a layer each, and one database.
async function openProcess() {
  const { db, url } = database
  const log = createLog('silent')
  const config = makeConfig({ DATABASE_URL: url })
  const channels = openChannelLayer({ config, db, log })
  const posted = await createPostedFrames({ config, db, channels, log })
  const close = async () => {
    await posted.close()
    await channels.close()
  }
  return { channels, posted, close }
}

describe('posted frames', () => {
  it('reach their readers in a crowd, in this process and in another', async () => {
    const [here, there] = [await openProcess(), await openProcess()]
    const names = Array.from({ length: 300 }, (_, i) =>
      (i % 2 ? here : there).channels.newChannel('live'),
    )
    const heard = new Set<string>()
    for (const [i, name] of names.entries()) {
      await (i % 2 ? here : there).posted.hear(name, 'mine', () => void heard.add(name))
    }
    await Promise.all(names.map((name) => here.posted.post(name, 'mine', '{}')))
    expect(heard.size).toBe(300)
    await here.close()
    await there.close()
  })

  it('are refused with a pause, not lost silently, when one reader is sent too many', async () => {
    const { channels, posted, close } = await openProcess()
    const name = channels.newChannel('live')
    let heard = 0
    await posted.hear(name, 'mine', () => {
      heard += 1
    })
    const posts = Array.from({ length: 300 }, () => posted.post(name, 'mine', '{}'))
    const results = await Promise.allSettled(posts)
    const refusals = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['rate_limited']))
    expect(heard).toBe(300 - refusals.length)
    await close()
  })

  it('find nothing where nobody is, or somebody of another session', async () => {
    const { channels, posted, close } = await openProcess()
    const name = channels.newChannel('live')
    await posted.hear(name, 'mine', () => {})
    for (const [to, session] of [
      [name, 'theirs'],
      [`${name}x`, 'mine'],
      ['a b', 'mine'],
    ] as const) {
      await expect(posted.post(to, session, '{}')).rejects.toMatchObject({ code: 'not_found' })
    }
    await close()
  })
})
