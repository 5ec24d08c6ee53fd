import { describe, expect, it } from 'vitest'
import { keepRunning, type Part } from '#lib/launch/supervise.ts'
import { createLog } from '#lib/log.ts'
import { until } from '../support/until.ts'

const log = createLog('silent')

/** A part that ends when told to, and counts how often it was asked to close. */
function createPart(): Part & { end(reason: string): void; closed: number } {
  let end = (_: string) => {}
  const exited = new Promise<string>((resolve) => {
    end = resolve
  })
  const part = {
    exited,
    end,
    closed: 0,
    async close() {
      part.closed += 1
      end('closed')
    },
  }
  return part
}

describe('keepRunning', () => {
  it('starts a part again when it ends by itself', async () => {
    const parts: ReturnType<typeof createPart>[] = []
    const start = () => {
      const part = createPart()
      parts.push(part)
      return part
    }
    const running = await keepRunning({ name: 'part', start, log })
    parts[0]?.end('crash')
    await until(() => parts.length === 2)
    await running.close()
    expect(parts.map((part) => part.closed)).toEqual([0, 1])
  })

  it('lets the first start fail, and tries later ones again', async () => {
    const fail = () => Promise.reject(new Error('no'))
    await expect(keepRunning({ name: 'part', start: fail, log })).rejects.toThrow('no')

    let starts = 0
    const first = createPart()
    const running = await keepRunning({
      name: 'part',
      log,
      start() {
        starts += 1
        if (starts === 1) return first
        if (starts < 4) throw new Error('not yet')
        return createPart()
      },
    })
    first.end('crash')
    await until(() => starts === 4)
    await running.close()
    expect(starts).toBe(4)
  })

  it('closes a part that was being started when the end came', async () => {
    const first = createPart()
    const second = createPart()
    let give = (_: Part) => {}
    let starts = 0
    const running = await keepRunning({
      name: 'part',
      log,
      start() {
        starts += 1
        if (starts === 1) return first
        return new Promise<Part>((resolve) => {
          give = resolve
        })
      },
    })
    first.end('crash')
    await until(() => starts === 2)
    const closing = running.close()
    give(second)
    await closing
    expect(second.closed).toBe(1)
  })
})
