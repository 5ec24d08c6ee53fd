import { describe, expect, it } from 'vitest'
import { Cursor, groupIdOfTopic, Topic } from '#lib/live/protocol.ts'

describe('a topic', () => {
  it('names the same group in capitals and in small letters', () => {
    const topic = 'group:019AB000-0000-7000-8000-00000000000F'
    expect(Topic.safeParse(topic).success).toBe(true)
    expect(groupIdOfTopic(topic)).toBe('019ab000-0000-7000-8000-00000000000f')
    expect(groupIdOfTopic('inbox')).toBeUndefined()
  })
})

describe('a cursor', () => {
  it('is a time that PostgreSQL knows', () => {
    expect(Cursor.safeParse('2026-11-22T10:00:00.000Z').success).toBe(true)
    for (const text of ['0000-01-01T00:00:00Z', '1969-12-31T23:59:59Z', 'yesterday', '']) {
      expect(Cursor.safeParse(text).success).toBe(false)
    }
  })
})
