import { describe, expect, it } from 'vitest'
import { createDispatcher } from '#lib/channels/handlers.ts'
import { createLog } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'

const log = createLog('silent')

describe('createDispatcher', () => {
  it('hands a message to the handler of its type, and waits for it', async () => {
    const heard: string[] = []
    const dispatch = createDispatcher({
      log,
      handlers: {
        'a.came': async ({ type }) => {
          await Promise.resolve()
          heard.push(type)
        },
        'b.came': () => void heard.push('another'),
      },
    })
    await dispatch({ type: 'a.came' })
    expect(heard).toEqual(['a.came'])
  })

  it.each(['unknown', 'constructor', '__proto__', 'then', 'toString', 'hasOwnProperty'])(
    'finds nothing for %j, and counts it',
    async (type) => {
      const dispatch = createDispatcher({ log, handlers: { known: () => {} } })
      const before = await countUnknown()
      expect(dispatch({ type })).toBeUndefined()
      expect((await countUnknown()) - before).toBe(1)
    },
  )
})

async function countUnknown(): Promise<number> {
  const metric = await registry.getSingleMetric('echowall_channel_unknown_types_total')?.get()
  return metric?.values[0]?.value ?? 0
}
