import { createMemoryBus, createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Tx } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { layerPromises } from './layer-promises.ts'
import type { TwoProcesses } from './two-processes.ts'

layerPromises('the memory layer', makeProcesses)

async function makeProcesses(): Promise<TwoProcesses> {
  const [bus, clock, log] = [createMemoryBus(), createManualClock(), createLog('silent')]
  const here = createMemoryLayer({ bus, clock, log })
  const there = createMemoryLayer({ bus, clock, log })
  return {
    here,
    there,
    clock,
    transact,
    async close() {
      await here.close()
      await there.close()
    },
  }
}

async function transact(work: (tx: Tx) => Promise<void>): Promise<void> {
  const afterwards: (() => void | Promise<void>)[] = []
  await work(onlyAfterCommit((action) => void afterwards.push(action)))
  for (const action of afterwards) await action()
}

// The memory layer asks nothing of a transaction but to be told of its commit.
function onlyAfterCommit(afterCommit: Tx['afterCommit']): Tx {
  return { afterCommit } as Tx
}
