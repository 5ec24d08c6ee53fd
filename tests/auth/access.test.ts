import { describe, expect, it } from 'vitest'
import { includesRole, ROLE_OF, requireAdmin, requireUser, standingIn } from '#lib/auth/access.ts'
import type { Actor } from '#lib/auth/context.ts'

const person = (userId: string, role: 'member' | 'admin' = 'member'): Actor => ({
  kind: 'user',
  userId,
  role,
  sessionId: 's',
  name: 'Somebody',
  employeeNo: 'E1',
})
const nobody: Actor = { kind: 'nobody' }
const link: Actor = { kind: 'link', linkId: 'l', groupId: 'g' }
const hidden = { id: 'g', ownerId: 'ann', visibility: 'private' } as const
const open = { ...hidden, visibility: 'public' } as const

describe('the role of', () => {
  const roleIn = (...asked: Parameters<typeof standingIn>) => ROLE_OF[standingIn(...asked)]

  it('the owner is owner, whatever else they were given', () => {
    expect(roleIn(person('ann'), hidden, null)).toBe('owner')
    expect(roleIn(person('ann'), hidden, 'viewer')).toBe('owner')
  })

  it('a member is the one they were given, also where everybody may look', () => {
    expect(roleIn(person('bob'), hidden, 'viewer')).toBe('viewer')
    expect(roleIn(person('bob'), hidden, 'editor')).toBe('editor')
    expect(roleIn(person('bob'), open, 'editor')).toBe('editor')
  })

  it('any account is viewer of a public group and nothing in a private one', () => {
    expect(roleIn(person('bob'), open, null)).toBe('viewer')
    expect(roleIn(person('bob'), hidden, null)).toBeUndefined()
  })

  it('an administrator is that of any account', () => {
    expect(roleIn(person('root', 'admin'), hidden, null)).toBeUndefined()
    expect(roleIn(person('root', 'admin'), open, null)).toBe('viewer')
  })

  it('a link is viewer of its own group and nothing anywhere else', () => {
    expect(roleIn(link, hidden, null)).toBe('viewer')
    expect(roleIn(link, { ...open, id: 'other' }, null)).toBeUndefined()
  })

  it('nobody is nothing, also in a public group', () => {
    expect(roleIn(nobody, open, null)).toBeUndefined()
  })

  it('the worker is owner', () => {
    expect(roleIn({ kind: 'worker' }, hidden, null)).toBe('owner')
  })
})

describe('a role', () => {
  it('includes itself and the lesser ones', () => {
    const roles = ['viewer', 'editor', 'owner'] as const
    const included = roles.map((role) => roles.filter((needed) => includesRole(role, needed)))
    expect(included).toEqual([['viewer'], ['viewer', 'editor'], ['viewer', 'editor', 'owner']])
  })
})

describe('requireUser and requireAdmin', () => {
  it.each([nobody, link, { kind: 'worker' } as const])('refuse $kind as not signed in', (actor) => {
    expect(() => requireUser({ actor })).toThrow(expect.objectContaining({ status: 401 }))
    expect(() => requireAdmin({ actor })).toThrow(expect.objectContaining({ status: 401 }))
  })

  it('let a person pass, and only an administrator where one is needed', () => {
    const admin = person('root', 'admin')
    expect(requireUser({ actor: person('bob') })).toMatchObject({ userId: 'bob' })
    expect(requireAdmin({ actor: admin })).toBe(admin)
    expect(() => requireAdmin({ actor: person('bob') })).toThrow(
      expect.objectContaining({ status: 403 }),
    )
  })
})
