import { createMemoryBus, createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Tx } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { layerPromises } from './layer-promises.ts'

layerPromises('the memory layer', (here, there) => {
  const [bus, log] = [createMemoryBus(), createLog('silent')]
  return {
    here: createMemoryLayer({ bus, log, ...here }),
    there: createMemoryLayer({ bus, log, ...there }),
    transact,
  }
})

async function transact(work: (tx: Tx) => Promise<void>): Promise<void> {
  const afterwards: (() => void | Promise<void>)[] = []
  await work(onlyAfterCommit((action) => void afterwards.push(action)))
  for (const action of afterwards) await action()
}

// The memory layer asks nothing of a transaction but to be told of its commit.
function onlyAfterCommit(afterCommit: Tx['afterCommit']): Tx {
  return { afterCommit } as Tx
}
