// Runs the parts of a bench that are asked for, and keeps each in a page of docs.
import { loadavg } from 'node:os'
import { printPart } from '../support/printed-page.ts'
import { isTrial, partsNamed } from './command-line.ts'

/** Each part measures and returns the lines to be printed; its name stands in the page's markers. */
export type Parts = Record<string, () => Promise<string[]>>

export type Bench = {
  command: string
  page: 'docs/benchmarks.md' | 'docs/bench-ping.md' | 'docs/bench-history.md'
}

/** Runs all parts, or those that the command line names; one after the other. */
export async function printBench({ command, page }: Bench, parts: Parts): Promise<void> {
  for (const name of partsNamed(Object.keys(parts))) {
    const load = `Load of the machine before it began: ${loadavg()[0]?.toFixed(2)}.`
    const lines = (await parts[name]?.()) ?? []
    printPart({ page, name, command }, [load, '', ...lines], { isWhole: !isTrial })
  }
}
