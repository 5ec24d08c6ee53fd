// Writes a history as text, page by page: one JSON document, or CSV for a spreadsheet.

import type { OpenHistory } from './history.ts'
import { Bucket, MeasuredEcho } from './history-contract.ts'

/** One JSON document of the shape `History`. */
export async function* toJsonText({ head, pages }: OpenHistory): AsyncGenerator<string> {
  // What stands before the items goes with their first page, so that a failure of that one is told.
  let before = `${JSON.stringify(head).slice(0, -1)},"items":[`
  for await (const page of pages) {
    if (page.length === 0) continue
    yield before + page.map((item) => JSON.stringify(item)).join(',')
    before = ','
  }
  yield `${before === ',' ? '' : before}],"next_cursor":null}`
}

/**
 * CSV (RFC 4180) with a header row, every line with the target's host and label, so that files of
 * several targets can be put together.
 */
export async function* toCsvText({ head, pages }: OpenHistory): AsyncGenerator<string> {
  const { host, label } = head.target
  const named = [host, label].map(csvCell).join(',')
  let before = csvLine(['at', 'host', 'label', ...columnsOf(head.resolution)])
  for await (const page of pages) {
    const lines = page.map(({ at, ...rest }) => `${at},${named},${csvLine(Object.values(rest))}`)
    yield before + lines.join('')
    before = ''
  }
  if (before) yield before
}

/** A file's name of plain letters: the host, and when the window begins. */
export function csvNameOf({ head }: OpenHistory): string {
  const host = head.target.host.replaceAll(/[^A-Za-z0-9.]+/g, '-')
  return `${host}-${head.from.replaceAll(/[:-]|\.\d+/g, '')}.csv`
}

function columnsOf(resolution: OpenHistory['head']['resolution']): string[] {
  const { at: _, ...columns } = (resolution === 'raw' ? MeasuredEcho : Bucket).shape
  return Object.keys(columns)
}

/** One line of them, with its end. */
export function csvLine(values: (string | number | null)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`
}

/**
 * A cell: quoted where it must be, and with an apostrophe in front where a spreadsheet would take a
 * text for a formula (OWASP, CSV Injection; East Asian ones also take full-width signs).
 */
export function csvCell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const plain = /^[=+\-@＝＋－＠\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
