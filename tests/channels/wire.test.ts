import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processChannelName } from '#lib/channels/names.ts'
import { notifyChannelOf, openEnvelope, sealEnvelope } from '#lib/channels/wire.ts'

const names = fc.stringMatching(/^[A-Za-z0-9._-]{1,99}$/)
const envelopes = fc.record({
  to: fc.constantFrom('channel' as const, 'group' as const),
  name: names,
  from: fc.stringMatching(/^[0-9a-f]{12}$/),
  nonce: fc.stringMatching(/^[0-9a-z]{1,11}$/),
  body: fc.oneof(
    fc.record({ kind: fc.constant('text' as const), text: fc.string() }),
    fc.record({ kind: fc.constant('stored' as const), id: fc.uuid() }),
  ),
})

describe('an envelope', () => {
  it('opens to what was sealed in it', () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        expect(openEnvelope(sealEnvelope(envelope))).toEqual(envelope)
      }),
    )
  })

  it('is never found in a text of somebody else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(openEnvelope(text)).toBeUndefined()
        expect(openEnvelope(`group news a1b2c3d4e5f6 1 stored\n${text}`)).toBeUndefined()
      }),
    )
  })
})

describe('notifyChannelOf', () => {
  it('needs at most 16 names for all groups, 16 for all ordinary channels', () => {
    const used = (to: 'group' | 'channel') =>
      new Set(Array.from({ length: 2_000 }, (_, n) => notifyChannelOf({ to, name: `name.${n}` })))
    expect(used('group').size).toBe(16)
    expect(used('channel').size).toBe(16)
    expect(new Set([...used('group'), ...used('channel')]).size).toBe(32)
  })

  it('sends everything for one process by the same name, short enough for PostgreSQL', () => {
    const node = 'a1b2c3d4e5f6'
    const used = new Set(
      ['tab', 'room', 'x.y'].map((prefix) =>
        notifyChannelOf({ to: 'channel', name: processChannelName(prefix, node) }),
      ),
    )
    expect([...used]).toEqual([`echowall_node_${node}`])
  })
})
