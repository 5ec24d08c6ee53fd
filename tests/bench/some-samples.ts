// Results as a flush announces them, made up.
import type { SampleColumns } from '#lib/samples/contract.ts'

/** So many targets' results of a quarter second, of this moment. */
export function someSamples(count: number): SampleColumns {
  const n = [...Array(count).keys()]
  return { at: Date.now(), n, d: n.map((i) => (i * 5) % 250), v: n.map((i) => 200 + i) }
}
