import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openModelTabs } from './model-tabs.ts'

const TABS = 3
/** How often each happens: what moves messages often, what breaks things rarely. */
const WEIGHTS = {
  up: 12,
  down: 12,
  hear: 12,
  serve: 10,
  sendNext: 8,
  store: 8,
  follow: 6,
  miss: 6,
  join: 3,
  unfollow: 2,
  leave: 1,
  takeOver: 1,
  end: 1,
} as const
type Act = keyof typeof WEIGHTS

const anAct = fc.oneof(
  ...Object.entries(WEIGHTS).map(([act, weight]) => ({
    arbitrary: fc.record({ act: fc.constant(act as Act), tab: fc.nat(TABS - 1) }),
    weight,
  })),
)

describe('the tabs that share a stream', () => {
  it('never have a hole, in whatever order they come, follow, let go, and the stream changes hands', () => {
    fc.assert(
      fc.property(fc.array(anAct, { maxLength: 200, size: 'max' }), (steps) => {
        const model = openModelTabs(TABS)
        model.tabs[0]?.follow()
        model.settle()
        for (const { act, tab } of steps) {
          const acting = model.tabs[tab]
          if (acting) model.acts[act](acting)
        }
        model.settle()
        model.acts.store()
        model.settle()
        const all = [...Array(model.stored.count).keys()].map((n) => n + 1)
        for (const tab of model.tabs.filter(({ isFollowing }) => isFollowing())) {
          expect([...tab.samples].sort((a, b) => a - b)).toEqual(all)
        }
        expect(model.server().isFollowed()).toBe(model.tabs.some((tab) => tab.isFollowing()))
      }),
      { numRuns: 1_000 },
    )
  }, 30_000)

  it('ask the server once for a topic that they follow at the same time', () => {
    const model = openModelTabs(TABS)
    for (const tab of model.tabs) tab.follow()
    model.settle()
    expect(model.server().follows()).toBe(1)
  })
})
