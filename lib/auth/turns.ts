// Lets a few expensive things happen at once; the next ones wait, a crowd is refused.

export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Runs at most `atOnce` works together and lets `waiting` more wait; `refusal` makes the rest's error. */
export function createTurns(options: {
  atOnce: number
  waiting: number
  refusal: () => Error
}): Turns {
  let running = 0
  const queue: (() => void)[] = []

  return async function takeTurn(work) {
    if (running >= options.atOnce) {
      if (queue.length >= options.waiting) throw options.refusal()
      // The one who leaves hands over the place, so `running` stays as it is.
      await new Promise<void>((enter) => queue.push(enter))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
