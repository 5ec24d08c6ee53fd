// A flow of messages: sent at a rate, and waited for at the other end.
import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from './children.ts'

/** For what is still on its way when the last message is sent. */
const ARRIVAL_MS = 10_000

/** Calls `send` as often as the rate asks for, whatever it costs; resolves with how often. */
export async function sendAtRate(
  { perSecond, forMs }: { perSecond: number; forMs: number },
  send: (index: number) => void,
): Promise<number> {
  const startMs = performance.now()
  let sent = 0
  for (;;) {
    const passedMs = performance.now() - startMs
    if (passedMs > forMs) return sent
    const due = (passedMs * perSecond) / 1_000
    for (; sent < due; sent += 1) send(sent)
    await pause(2)
  }
}

/** What the child reports once it has received as much as was sent, or after 10 s without. */
export async function untilArrived<T extends { received: number }>(
  child: Child,
  sent: number,
): Promise<T> {
  const endMs = performance.now() + ARRIVAL_MS
  for (;;) {
    const report = await child.ask<T>({ order: 'report' })
    if (report.received >= sent || performance.now() > endMs) return report
    await pause(200)
  }
}

/** What did not arrive, over all runs. */
export function lostOf(runs: { sent: number; received: number }[]): number {
  return runs.reduce((lost, { sent, received }) => lost + sent - received, 0)
}
