// How many messages a channel's mailbox holds: 100, or what the first fitting pattern says.

export const MAILBOX_CAPACITY = 100

/** Places by patterns of channel names, in which `*` stands for anything: `{ 'room.*': 400 }`. */
export type Capacities = Readonly<Record<string, number>>

/** Throws `RangeError` for a capacity that is no positive integer. */
export function createCapacityRule(capacities: Capacities = {}): (channel: string) => number {
  const rules = Object.entries(capacities).map(([pattern, capacity]) => {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`The capacity for ${pattern} is no positive integer: ${capacity}`)
    }
    return { names: namesLike(pattern), capacity }
  })
  return (channel) => rules.find(({ names }) => names.test(channel))?.capacity ?? MAILBOX_CAPACITY
}

function namesLike(pattern: string): RegExp {
  const literals = pattern.split('*').map((text) => text.replace(/[^\w-]/g, '\\$&'))
  return new RegExp(`^${literals.join('.*')}$`)
}
