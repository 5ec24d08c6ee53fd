import { describe, expect, it } from 'vitest'
import { createStorageNotice } from '../../app/_data/storage-notice.ts'

const SINCE = '2026-11-23T01:00:00.000Z'
const WELCOME = {
  type: 'welcome',
  connection: 'live.a!b',
  protocol: 'echowall.v1',
  heartbeat_seconds: 20,
  now: SINCE,
} as const

describe('what the page knows of the room for results', () => {
  it('is enough until something else is said, and again once that is over', () => {
    const notice = createStorageNotice()
    let changes = 0
    notice.subscribe(() => {
      changes += 1
    })
    expect(notice.value()).toEqual({ level: 'ok', since: undefined })
    notice.hear({ type: 'storage', level: 'full', since: SINCE })
    notice.hear({ type: 'storage', level: 'full', since: SINCE })
    expect(notice.value()).toEqual({ level: 'full', since: SINCE })
    notice.hear({ type: 'storage', level: 'ok' })
    expect(notice.value().level).toBe('ok')
    expect(changes).toBe(2)
  })

  it('begins anew with each connection, which says it where it is not enough', () => {
    const notice = createStorageNotice()
    notice.hear({ type: 'storage', level: 'full', since: SINCE })
    notice.hear({ type: 'stale' })
    expect(notice.value().level).toBe('full')
    notice.hear(WELCOME)
    expect(notice.value().level).toBe('ok')
  })
})
