// What every verb receives: who asks, the database, the channel layer, the log.
import type { ChannelLayer } from '#lib/channels/layer.ts'
import type { Config } from '#lib/config.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'

/** A person with an account, a read-only link, the worker itself, or nobody yet. */
export type Actor =
  | {
      kind: 'user'
      userId: string
      sessionId: string
      role: 'member' | 'admin'
      name: string
      employeeNo: string
    }
  | { kind: 'link'; linkId: string; groupId: string }
  | { kind: 'worker' }
  | { kind: 'nobody' }

export type UserActor = Extract<Actor, { kind: 'user' }>

export type Ctx = { actor: Actor; db: Db; channels: ChannelLayer; config: Config; log: Log }
/** The same inside a transaction. */
export type TxCtx = Ctx & { tx: Tx }
