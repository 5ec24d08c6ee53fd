import { verify } from '@node-rs/argon2'
import { describe, expect, it, vi } from 'vitest'
import { hashPassword, isPassword } from '#lib/auth/password.ts'

vi.mock('@node-rs/argon2', async (load) => {
  const real = await load<typeof import('@node-rs/argon2')>()
  return { ...real, verify: vi.fn(real.verify) }
})

describe('a password', () => {
  it('is kept as argon2id with the parameters OWASP asks for', async () => {
    expect(await hashPassword('correct horse')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('is right or wrong', async () => {
    const stored = await hashPassword('correct horse')
    expect(await isPassword(stored, 'correct horse')).toBe(true)
    expect(await isPassword(stored, 'correct horsE')).toBe(false)
  })

  it('is the same however its accents are composed', async () => {
    const stored = await hashPassword('caf\u00e9 回音壁')
    expect(await isPassword(stored, 'cafe\u0301 回音壁')).toBe(true)
  })

  it('is wrong where no account has one, after just the work that a known account costs', async () => {
    const stored = await hashPassword('correct horse')
    vi.mocked(verify).mockClear()
    expect(await isPassword(stored, 'anything')).toBe(false)
    expect(await isPassword(null, 'anything')).toBe(false)
    const costs = vi.mocked(verify).mock.calls.map(([hash]) => String(hash).split('$').slice(0, 4))
    expect(costs).toHaveLength(2)
    expect(costs[1]).toEqual(costs[0])
  })
})
