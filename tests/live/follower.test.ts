import { expect, it } from 'vitest'
import { type Member, tellEach } from '#lib/live/follower.ts'

it('one who fails is told of the fault, and the others hear all the same', () => {
  const heard: string[] = []
  const member = (name: string): Member => ({
    recheck: () => {},
    endsAtMs: () => Number.POSITIVE_INFINITY,
    suspend() {
      if (name === 'b') throw new Error('b fails')
      heard.push(name)
    },
    resume: () => {},
    announce: () => {},
    fail: (error) => heard.push(String(error)),
  })
  tellEach(['a', 'b', 'c'].map(member), (one) => one.suspend())
  expect(heard).toEqual(['a', 'Error: b fails', 'c'])
})
