import { expect, it } from 'vitest'
import { type Follower, tellEach } from '#lib/live/follower.ts'

it('one who fails is told of the fault, and the others hear all the same', () => {
  const heard: string[] = []
  const follower = (name: string): Follower => ({
    deliver: () => {},
    ended: () => {},
    missed: () => {},
    recheck: () => {},
    suspend() {
      if (name === 'b') throw new Error('b fails')
      heard.push(name)
    },
    resume: () => {},
    fail: (error) => heard.push(String(error)),
  })
  tellEach(['a', 'b', 'c'].map(follower), (one) => one.suspend())
  expect(heard).toEqual(['a', 'Error: b fails', 'c'])
})
