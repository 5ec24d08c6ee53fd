// What a bench has made and must not leave behind, however it ends.

type Close = () => void | Promise<void>

export type Leavings = {
  /** Registers a part; it is closed before everything that was registered earlier. */
  add(close: Close): void
  /** Closes every part once; later calls wait for the same close. Throws what failed first. */
  close(): Promise<void>
}

/** Closes on Ctrl-C too, and then ends the process. */
export function createLeavings(): Leavings {
  const parts: Close[] = []
  let closing: Promise<void> | undefined
  const interrupt = () => void close().finally(() => process.exit(130))
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)

  return { add: (part) => void parts.push(part), close }

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
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
    if (failures.length > 0) throw failures[0]
  }
}
