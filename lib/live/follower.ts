// What a consumer gives to the hub, and how one's fault is kept from the others.
import type { Frame } from './shared-frame.ts'

/** Nothing here may wait; what throws ends this follower's connection alone. */
export type Follower = {
  deliver(groupId: string, frame: Frame, cursor: string): void
  /** The group is gone: say so and forget it. */
  ended(groupId: string): void
  /** Something of this group was missed: read it again. */
  missed(groupId: string): void
  /** Rights may have changed: send nothing more before they are read again. */
  recheck(): void
  /** The channel layer hears nothing: send nothing before `resume`. */
  suspend(): void
  resume(): void
  /** Ends the connection over a fault of ours. */
  fail(error: unknown): void
}

/** Tells every follower, also those after one that fails. */
export function tellEach(followers: Iterable<Follower>, tell: (follower: Follower) => void): void {
  for (const follower of followers) {
    try {
      tell(follower)
    } catch (error) {
      follower.fail(error)
    }
  }
}
