// Reads frames of the live connection: strict about shapes, quick about columns of samples.
import { ServerFrame } from '#lib/live/protocol.ts'
import { noSamples, type SampleColumns } from '#lib/samples/contract.ts'

/** Undefined for a frame this page does not know: a newer server may speak during a deploy. */
export function readFrame(text: string): ServerFrame | undefined {
  const json = parseJson(text)
  const carrier = carrierOf(json)
  const samples = carrier?.samples
  // A thousand integers a second are checked as columns; the schema would visit each of them.
  if (carrier && isColumns(samples)) carrier.samples = noSamples(samples.at)
  const parsed = ServerFrame.safeParse(json)
  if (!parsed.success) return undefined
  if (isColumns(samples)) putBack(parsed.data, samples)
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function carrierOf(json: unknown): Record<string, unknown> | undefined {
  if (!isRecord(json)) return undefined
  return json.type === 'event' && isRecord(json.event) ? json.event : json
}

function putBack(frame: ServerFrame, samples: SampleColumns): void {
  if (frame.type === 'snapshot') frame.samples = samples
  if (frame.type === 'event' && frame.event.type === 'samples.arrived') {
    frame.event.samples = samples
  }
}

function isColumns(value: unknown): value is SampleColumns {
  if (!isRecord(value) || typeof value.at !== 'number') return false
  const { n, d, v } = value
  if (!Array.isArray(n) || !Array.isArray(d) || !Array.isArray(v)) return false
  return n.length === d.length && d.length === v.length && [n, d, v].every(startsWithNumber)
}

const startsWithNumber = (column: unknown[]) => column.length === 0 || typeof column[0] === 'number'

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
