import { expect, it } from 'vitest'
import { createStartGate } from '../../../worker/probers/start-gate.ts'

it('lets in no more at once than it may, and the next when one has left', async () => {
  const gate = createStartGate(2)
  const started: string[] = []
  const leave = ['a', 'b', 'c', 'd'].map((name) => gate.enter(() => started.push(name)))
  await Promise.resolve()
  expect(started).toEqual(['a', 'b'])
  leave[2]?.()
  leave[0]?.()
  leave[0]?.()
  expect(started).toEqual(['a', 'b', 'd'])
})
