import { beforeEach, describe, expect, it } from 'vitest'
import { createStreamLeader, type StreamLeader } from '../../app/_data/stream-leader.ts'
import { createManualClock } from '../support/manual-clock.ts'

const STEP_MS = 50
/** What the stream says at least once in this time is a sign of life of its holder. */
const SIGN_MS = 1_000

type Tab = { leader: StreamLeader; followed: string[]; isAway: boolean }

/** The tabs of one browser: each hears a moment later what the others say, unless it is away. */
function openBrowser() {
  const clock = createManualClock()
  const tabs = new Map<string, Tab>()
  const underWay: (() => void)[] = []
  let lastSignMs = 0

  function open(id: string): Tab {
    const followed: string[] = []
    const leader = createStreamLeader({
      id,
      nowMs: clock.steadyMs,
      random: () => 0.5,
      ask: () => toOthers(id, (tab) => tab.leader.asked()),
      claim: (claimed) => toOthers(id, (tab) => tab.leader.heard(claimed)),
      onLead: () => {},
      onFollow: (other) => followed.push(other.id),
    })
    const tab = { leader, followed, isAway: false }
    tabs.set(id, tab)
    return tab
  }

  function toOthers(id: string, tell: (tab: Tab) => void): void {
    if (tabs.get(id)?.isAway) return
    underWay.push(() => {
      for (const [other, tab] of tabs) if (other !== id && !tab.isAway) tell(tab)
    })
  }

  function pass(ms: number): void {
    for (const end = clock.steadyMs() + ms; clock.steadyMs() < end; ) {
      clock.advance(STEP_MS)
      for (const { leader, isAway } of tabs.values()) if (!isAway) leader.tick()
      if (clock.steadyMs() - lastSignMs >= SIGN_MS) giveSigns()
      for (const deliver of underWay.splice(0)) deliver()
    }
  }

  function giveSigns(): void {
    lastSignMs = clock.steadyMs()
    for (const [id, { leader, isAway }] of tabs) {
      const held = leader.leader()
      if (leader.isLeading() && held && !isAway) toOthers(id, (tab) => tab.leader.heard(held))
    }
  }

  function close(id: string): void {
    tabs.delete(id)
    toOthers(id, (tab) => tab.leader.resigned(id))
  }

  /** The one that every tab there follows; undefined while they disagree. */
  function agreed(): string | undefined {
    const there = [...tabs.values()].filter(({ isAway }) => !isAway)
    const [first, ...others] = new Set(there.map(({ leader }) => leader.leader()?.id))
    return others.length === 0 ? first : undefined
  }

  /** The stream says nothing more. */
  const rest = () => {
    lastSignMs = Number.POSITIVE_INFINITY
  }
  return { open, pass, close, rest, agreed, tabs }
}

let browser: ReturnType<typeof openBrowser>
beforeEach(() => {
  browser = openBrowser()
})

describe('the tab that holds the stream', () => {
  it('is the only one there, within a third of a second', () => {
    browser.open('a')
    browser.pass(300)
    expect(browser.agreed()).toBe('a')
  })

  it('is one, also when all tabs are opened in the same moment', () => {
    for (const id of ['c', 'a', 'd', 'b']) browser.open(id)
    browser.pass(400)
    expect(browser.agreed()).toBe('a')
  })

  it('stays the same whoever comes later', () => {
    browser.open('a')
    browser.pass(400)
    const late = browser.open('b')
    browser.pass(5_000)
    expect(browser.agreed()).toBe('a')
    expect(late.followed).toEqual(['a'])
  })

  it('is another a moment after it has said good-bye', () => {
    for (const id of ['a', 'b', 'c']) browser.open(id)
    browser.pass(1_000)
    browser.close('a')
    browser.pass(350)
    expect(browser.agreed()).toBe('b')
  })

  it('is another within two seconds after it has died without a word', () => {
    for (const id of ['a', 'b', 'c']) browser.open(id)
    browser.pass(1_000)
    browser.tabs.delete('a')
    browser.pass(2_000)
    expect(browser.agreed()).toBe('b')
  })

  it('lets go when it comes back and finds that another has taken over', () => {
    const holder = browser.open('a')
    browser.open('b')
    browser.pass(1_000)
    holder.isAway = true
    browser.pass(3_000)
    holder.isAway = false
    browser.pass(1_500)
    expect(browser.agreed()).toBe('b')
    expect(holder.followed).toEqual(['b'])
  })

  it('keeps it against a younger tab that could not hear it when it came', () => {
    browser.open('a')
    browser.pass(400)
    const deaf = browser.open('b')
    deaf.isAway = true
    browser.pass(400)
    deaf.isAway = false
    deaf.leader.tick()
    expect(deaf.leader.isLeading()).toBe(true)
    browser.pass(1_500)
    expect(browser.agreed()).toBe('a')
  })

  it('is asked before it is replaced: a stream without news is not a tab that is gone', () => {
    const holder = browser.open('a')
    const other = browser.open('b')
    browser.pass(400)
    expect(holder.leader.isLeading()).toBe(true)
    browser.rest()
    browser.pass(10_000)
    expect(browser.agreed()).toBe('a')
    expect(other.followed).toEqual(['a'])
  })
})
