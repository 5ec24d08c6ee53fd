import { describe, expect, it } from 'vitest'
import { MAILBOX_CAPACITY } from '#lib/channels/capacity.ts'
import type { Handler } from '#lib/channels/layer.ts'
import { createMailbox, MESSAGE_EXPIRY_MS, SLOW_HANDLER_MS } from '#lib/channels/mailbox.ts'
import { createLog, type Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createRecordedLog, WARN } from '../support/recorded-log.ts'
import { createReceiver } from './receiver.ts'

describe('a mailbox', () => {
  it('holds 100 messages for 60 s unless told otherwise', () => {
    expect(MAILBOX_CAPACITY).toBe(100)
    expect(MESSAGE_EXPIRY_MS).toBe(60_000)
  })

  it('never calls its handler before the sender has gone on', async () => {
    const { mailbox, receiver } = makeMailbox()
    mailbox.put({ type: 'a' })
    expect(receiver.messages).toEqual([])
    expect(await receiver.untilCount(1)).toEqual([{ type: 'a' }])
  })

  it('keeps a reserved place for its message alone', async () => {
    const { mailbox, receiver, drops } = makeMailbox({ capacity: 2 })
    expect([mailbox.reserve(), mailbox.reserve(), mailbox.reserve()]).toEqual([true, true, false])
    mailbox.put({ type: 'uninvited' })
    mailbox.release()
    mailbox.put({ type: 'expected' })
    expect(await receiver.untilCount(1)).toEqual([{ type: 'expected' }])
    expect(drops).toEqual(['tab'])
  })

  it('has all its places again when what was on its way is lost', () => {
    const { mailbox } = makeMailbox({ capacity: 1 })
    mailbox.reserve()
    mailbox.releaseAll()
    mailbox.release()
    expect([mailbox.reserve(), mailbox.reserve()]).toEqual([true, false])
  })

  it('does not hand over what grew too old behind a slow handler', async () => {
    const { mailbox, receiver, drops, clock } = makeMailbox()
    receiver.hold()
    mailbox.put({ type: 'slow' })
    await receiver.untilCount(1)
    mailbox.put({ type: 'old' })
    clock.advance(MESSAGE_EXPIRY_MS)
    mailbox.put({ type: 'young' })
    clock.advance(1)
    receiver.letGo()
    const types = (await receiver.untilCount(2)).map(({ type }) => type)
    expect(types).toEqual(['slow', 'young'])
    expect(drops).toEqual(['tab'])
  })

  it('calls its handler no more once it is closed', async () => {
    const { mailbox, receiver } = makeMailbox()
    receiver.hold()
    mailbox.put({ type: 'in.hand' })
    await receiver.untilCount(1)
    mailbox.put({ type: 'waiting' })
    mailbox.close()
    mailbox.put({ type: 'late' })
    receiver.letGo()
    await new Promise(setImmediate)
    expect(receiver.messages).toEqual([{ type: 'in.hand' }])
  })

  it('logs a handler that takes over 50 ms, with the type of its message', async () => {
    const { log, lines } = createRecordedLog()
    const { mailbox, receiver, clock } = makeMailbox({ log })
    for (const [type, ms] of [
      ['quick', SLOW_HANDLER_MS],
      ['slow', SLOW_HANDLER_MS + 1],
    ] as const) {
      const before = receiver.messages.length
      receiver.hold()
      mailbox.put({ type })
      await receiver.untilCount(before + 1)
      clock.advance(ms)
      receiver.letGo()
      await new Promise(setImmediate)
    }
    expect(lines).toMatchObject([{ level: WARN, channel: 'tab', type: 'slow', ms: 51 }])
  })

  it('counts drops by their reason, and handlers that fail', async () => {
    const before = await readCounters()
    const { mailbox } = makeMailbox({
      capacity: 1,
      handler: () => {
        throw new Error('This handler fails.')
      },
    })
    mailbox.put({ type: 'a' })
    mailbox.put({ type: 'b' })
    await new Promise(setImmediate)
    const after = await readCounters()
    expect(after.full - before.full).toBe(1)
    expect(after.failures - before.failures).toBe(1)
  })
})

function makeMailbox(given: { capacity?: number; handler?: Handler; log?: Log } = {}) {
  const clock = createManualClock()
  const receiver = createReceiver()
  const drops: string[] = []
  const mailbox = createMailbox({
    channel: 'tab',
    handler: receiver.handler,
    capacity: MAILBOX_CAPACITY,
    expiryMs: MESSAGE_EXPIRY_MS,
    clock,
    log: createLog('silent'),
    onDrop: (channel) => drops.push(channel),
    ...given,
  })
  return { mailbox, receiver, drops, clock }
}

async function readCounters(): Promise<{ full: number; failures: number }> {
  const dropped = await registry.getSingleMetric('echowall_channel_dropped_total')?.get()
  const failures = await registry.getSingleMetric('echowall_channel_handler_failures_total')?.get()
  const full = dropped?.values.find(({ labels }) => labels.reason === 'full')
  return { full: full?.value ?? 0, failures: failures?.values[0]?.value ?? 0 }
}
