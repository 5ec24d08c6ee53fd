// A promise of the contract as a test: named by its line in lib/channels/layer.ts.
import { readFileSync } from 'node:fs'
import { it } from 'vitest'

const CONTRACT = new URL('../../lib/channels/layer.ts', import.meta.url)

const tested: string[] = []

/** A test of the line, word for word; tests stand in the order of the lines. */
export function promise(line: string, test: () => Promise<void> | void): void {
  tested.push(line)
  it(line, test)
}

/** The lines that have had a test so far. */
export const testedLines = (): readonly string[] => tested

/** The lines of the contract, in their order. */
export function contractLines(): string[] {
  const [, contract = ''] = readFileSync(CONTRACT, 'utf8').split('export type ChannelLayer = {')
  const [members = ''] = contract.split('\n}\n', 1)
  return [...members.matchAll(/^ {3}\* (.+)$/gm)].flatMap(([, line]) => line ?? [])
}
