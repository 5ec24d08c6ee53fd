// What a bench has made and must not leave behind, however it ends.

type Close = () => void | Promise<void>

export type Leavings = {
  /** Registers a part; it is closed before everything that was registered earlier. */
  add(close: Close): void
  /** Closes every part once; later calls wait for the same close. Throws what failed first. */
  close(): Promise<void>
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const open = new Set<Leavings>()

/** Closes on Ctrl-C too; the process ends when all there are have closed. */
export function createLeavings(): Leavings {
  const parts: Close[] = []
  let closing: Promise<void> | undefined
  const leavings = { add: (part: Close) => void parts.push(part), close }
  if (open.size === 0) for (const signal of SIGNALS) process.on(signal, interrupt)
  open.add(leavings)
  return leavings

  function close(): Promise<void> {
    closing ??= closeParts()
    return closing
  }

  async function closeParts(): Promise<void> {
    const failures: unknown[] = []
    for (const part of parts.reverse()) {
      try {
        await part()
      } catch (error) {
        failures.push(error)
      }
    }
    open.delete(leavings)
    if (open.size === 0) for (const signal of SIGNALS) process.off(signal, interrupt)
    if (failures.length > 0) throw failures[0]
  }
}

async function interrupt(): Promise<void> {
  await Promise.allSettled([...open].map((leavings) => leavings.close()))
  process.exit(130)
}
