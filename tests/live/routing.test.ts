import { describe, expect, it } from 'vitest'
import { createWallConsumer } from '#lib/live/consumers/wall.ts'
import { connectionOfPath, findConsumer, matchPath } from '#lib/live/routing.ts'

describe('the table of consumers', () => {
  it.each(['websocket', 'sse', 'polling'] as const)(
    'has the wall at /live over %s',
    (transport) => {
      expect(findConsumer(transport, '/live')).toEqual({ consumer: createWallConsumer, params: {} })
    },
  )

  it.each(['/', '/live/', '/live/x', '/liver', '//live', '/LIVE', '/api/live'])(
    'has nobody at %s',
    (path) => {
      expect(findConsumer('websocket', path)).toBeUndefined()
    },
  )

  it('has nobody who is spoken to by posts alone', () => {
    expect(findConsumer('post', '/live')).toBeUndefined()
    expect(connectionOfPath('/live/live.a1b2%21x')).toBe('live.a1b2!x')
  })
})

describe('matchPath', () => {
  it('gives the named parts, decoded', () => {
    const params = matchPath('/walls/:wall/rows/:row', '/walls/a%20b/rows/%E5%9B%9E')
    expect(params).toEqual({ wall: 'a b', row: '回' })
  })

  it.each(['/walls', '/walls/', '/walls/a/b', '/wall/a', '/walls/%ZZ', 'walls/a'])(
    'finds that %s does not fit /walls/:wall',
    (path) => {
      expect(matchPath('/walls/:wall', path)).toBeUndefined()
    },
  )
})
