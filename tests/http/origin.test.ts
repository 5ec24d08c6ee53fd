import { describe, expect, it } from 'vitest'
import { allowedOrigins, isAllowedOrigin } from '#lib/http/origin.ts'

describe('the allowed origins', () => {
  it('are that of BASE_URL alone where it is a real host', () => {
    expect(allowedOrigins('https://wall.example.com/')).toEqual(['https://wall.example.com'])
    expect(allowedOrigins('https://wall.example.com:8443/x')).toEqual([
      'https://wall.example.com:8443',
    ])
  })

  it('are all three names of loopback, with the port of BASE_URL', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(allowedOrigins(`http://${host}:3000`).sort()).toEqual([
        'http://127.0.0.1:3000',
        'http://[::1]:3000',
        'http://localhost:3000',
      ])
    }
  })

  it('keep another loopback address beside the usual names', () => {
    expect(allowedOrigins('http://127.0.0.2:3000')).toContain('http://127.0.0.2:3000')
  })

  it('take the port really listened on where BASE_URL says 0', () => {
    expect(allowedOrigins('http://127.0.0.1:0', 4711)).toContain('http://localhost:4711')
    expect(allowedOrigins('http://127.0.0.1:3000', 4711)).not.toContain('http://localhost:4711')
  })
})

describe('an Origin header', () => {
  const config = { BASE_URL: 'http://127.0.0.1:3000' }

  it.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])(
    'of our own page passes: %s',
    (origin) => expect(isAllowedOrigin(origin, config)).toBe(true),
  )

  it.each([
    undefined,
    '',
    'null',
    'http://127.0.0.1',
    'https://127.0.0.1:3000',
    'http://127.0.0.1:3001',
    'http://localhost.example.com:3000',
    'http://127.0.0.1:3000.example.com',
    'HTTP://LOCALHOST:3000 ',
  ])('of anybody else does not: %s', (origin) =>
    expect(isAllowedOrigin(origin, config)).toBe(false),
  )

  it('of a loopback page does not pass where BASE_URL is a real host', () => {
    expect(isAllowedOrigin('http://localhost', { BASE_URL: 'http://wall.example.com' })).toBe(false)
  })
})
