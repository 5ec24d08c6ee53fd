// What a consumer gives to the hub, and how one's fault is kept from the others.
import type { AccessChange } from './messages.ts'
import type { Frame } from './shared-frame.ts'

/** Ends the connection over a fault of ours. */
type Fallible = { fail(error: unknown): void }

/** A consumer as the hub knows it. Nothing here may wait; what throws ends this connection alone. */
export type Member = Fallible & {
  /** Rights may have changed: send nothing more of what is concerned before they are read again. */
  recheck(change: AccessChange): void
  /** When the caller's session ends unless it is used meanwhile, in ms of the database's time. */
  endsAtMs(): number
  /** The channel layer hears nothing: send nothing before `resume`. */
  suspend(): void
  resume(): void
  /** Something that concerns everybody. */
  announce(frame: Frame): void
}

/** One group of a consumer as the group's room knows it; the same holds for it. */
export type Follower = Fallible & {
  deliver(frame: Frame, cursor: string): void
  /** The group is gone: say so and forget it. */
  ended(): void
  /** Something was missed: read it again. */
  missed(): void
}

/** Tells every one of them, also those after one that fails. */
export function tellEach<Told extends Fallible>(
  those: Iterable<Told>,
  tell: (one: Told) => void,
): void {
  for (const one of those) {
    try {
      tell(one)
    } catch (error) {
      one.fail(error)
    }
  }
}
