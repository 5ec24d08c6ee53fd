import { describe, expect, it } from 'vitest'
import { createLayerAnnouncer } from '#lib/channels/layer-events.ts'
import { createLog } from '#lib/log.ts'

describe('what befalls a layer', () => {
  it('is told to everybody who listens, until they stop', () => {
    const announcer = createLayerAnnouncer(createLog('silent'))
    const heard: string[] = []
    const undo = announcer.on('drop', (channel) => heard.push(`first ${channel}`))
    announcer.on('drop', (channel) => heard.push(`second ${channel}`))
    announcer.drop('a')
    undo()
    announcer.drop('b')
    expect(heard).toEqual(['first a', 'second a', 'second b'])
  })

  it('is told to the others when one of them fails', () => {
    const announcer = createLayerAnnouncer(createLog('silent'))
    let gaps = 0
    announcer.on('gap', () => {
      throw new Error('This listener fails.')
    })
    announcer.on('gap', () => {
      gaps += 1
    })
    announcer.gap()
    expect(gaps).toBe(1)
  })
})
