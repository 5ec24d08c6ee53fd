import { describe, expect, it, vi } from 'vitest'
import type { TransportEvents } from '../../app/_data/live-transport.ts'
import { ofSession } from '../../app/_data/own-session.ts'

const welcome = (session: string) => JSON.stringify({ type: 'welcome', now: '', session })

function openRoad() {
  let road: TransportEvents | undefined
  const [heard, onOther] = [vi.fn(), vi.fn()]
  const open = ofSession(
    'mine',
    (events) => {
      road = events
      return { send() {}, close() {} }
    },
    onOther,
  )
  open({ onFrame: heard, onAlive() {}, onClose() {} })
  return { heard, onOther, say: (text: string) => road?.onFrame(text) }
}

describe('a road of this session', () => {
  it('is heard', () => {
    const { say, heard, onOther } = openRoad()
    say(welcome('mine'))
    say('{"type":"tick"}')
    expect(heard).toHaveBeenCalledTimes(2)
    expect(onOther).not.toHaveBeenCalled()
  })

  it('is not heard any more when it greets somebody else, which is told once', () => {
    const { say, heard, onOther } = openRoad()
    say(welcome('mine'))
    say(welcome('theirs'))
    say(welcome('theirs'))
    say('{"type":"event"}')
    expect(heard).toHaveBeenCalledTimes(1)
    expect(onOther).toHaveBeenCalledTimes(1)
  })
})
