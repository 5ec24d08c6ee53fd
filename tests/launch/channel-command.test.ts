import { describe, expect, it } from 'vitest'
import { readChannelCommand } from '#lib/launch/channel-command.ts'

describe('the words after npm run channels', () => {
  it.each(['send', 'group-send'])('%s a message to a name', (kind) => {
    const command = readChannelCommand([kind, 'news', '{"type":"hello","n":1}'])
    expect(command).toEqual({ kind, name: 'news', message: { type: 'hello', n: 1 } })
  })

  it('listen to channels and groups', () => {
    const words = ['listen', 'a', '--group', 'b', '--group', 'c', 'd']
    const command = { kind: 'listen', channels: ['a', 'd'], groups: ['b', 'c'] }
    expect(readChannelCommand(words)).toEqual(command)
  })

  it.each([
    [[]],
    [['sing', 'news', '{}']],
    [['send', 'news']],
    [['send', 'news', '{"type":"x"}', 'more']],
    [['send', '--group', 'news', '{"type":"x"}']],
    [['listen']],
    [['listen', '--loudly', 'news']],
  ])('%j are answered with how to say it', (words) => {
    expect(() => readChannelCommand(words)).toThrow('npm run channels -- send <channel> <json>')
  })

  it.each(['{', '7', 'null', '[]', '{}', '{"type":7}'])('%s is no message', (json) => {
    expect(() => readChannelCommand(['send', 'news', json])).toThrow(/no JSON|JSON object/)
  })
})
