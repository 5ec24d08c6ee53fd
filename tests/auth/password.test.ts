import { describe, expect, it } from 'vitest'
import { hashPassword, isPassword } from '#lib/auth/password.ts'

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

  it('is wrong where no account has one, and that answer is no quicker', async () => {
    const stored = await hashPassword('correct horse')
    expect(await isPassword(null, 'anything')).toBe(false)
    const timeOf = async (hash: string | null) => {
      const times: number[] = []
      for (let i = 0; i < 7; i++) {
        const start = performance.now()
        await isPassword(hash, 'anything')
        times.push(performance.now() - start)
      }
      return times.sort((a, b) => a - b)[3] ?? 0
    }
    const [unknown, known] = [await timeOf(null), await timeOf(stored)]
    expect(unknown / known).toBeGreaterThan(1 / 3)
    expect(unknown / known).toBeLessThan(3)
  })
})
