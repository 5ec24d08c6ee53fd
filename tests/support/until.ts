// Waiting in tests: until this is true, never for a time.
import { setTimeout as pause } from 'node:timers/promises'

/** Resolves with the first truthy answer of `ask`; throws after `limitMs`, naming what was awaited. */
export async function until<T>(
  ask: () => T | Promise<T>,
  limitMs = 5_000,
  awaited = ask.toString(),
): Promise<NonNullable<T>> {
  const end = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > end) throw new Error(`Not within ${limitMs} ms: ${awaited}`)
    await pause(10)
  }
}
