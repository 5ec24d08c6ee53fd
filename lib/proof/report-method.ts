// The part of a proof's page that tells how was measured: what, how finely, what is kept.
import { escapeXml as text } from './chart.ts'
import { note, type Page, section, table } from './page-parts.ts'
import { explanationOf, writtenMs, writtenTime } from './report-words.ts'

export function writeMethod(page: Page): string {
  const { words, proof } = page
  return [
    proof.facts.marks.length > 0 ? section(words('marks'), marks(page)) : '',
    section(words('measured'), runs(page)),
    section(words('floor'), note(floor(page))),
    section(words('files'), files(page)),
  ].join('\n')
}

function marks(page: Page): string {
  const { words, proof } = page
  const rows = proof.facts.marks.map((mark) =>
    [writtenTime(page, mark.at), mark.text, mark.made_by.name].map(text),
  )
  return table([words('at'), words('mark'), words('markBy')], rows)
}

function runs(page: Page): string {
  const { words, proof } = page
  const head = [
    words('from'),
    words('to'),
    words('endpoint'),
    words('addresses'),
    words('parameters'),
  ]
  const rows = proof.facts.runs.map((run) => {
    const parameters = words('parametersText', {
      interval: run.interval_ms,
      timeout: run.timeout_ms,
      payload: run.payload_bytes,
      ttl: run.ttl,
      dscp: run.dscp,
      dontFragment: String(run.dont_fragment),
    })
    const led = run.addresses.join(', ') || '—'
    const cells = [
      writtenTime(page, run.from),
      writtenTime(page, run.to),
      run.endpoint,
      led,
      parameters,
    ]
    return cells.map(text)
  })
  return table(head, rows)
}

function floor({ words, proof }: Page): string {
  const { floor } = proof.facts
  if (!floor) return words('floorNone')
  const { median_ms, max_ms, lateness_ms, ...counts } = floor
  const [median, max, late] = [writtenMs(median_ms), writtenMs(max_ms), writtenMs(lateness_ms)]
  return words('floorText', { median, max, late, ...counts })
}

function files(page: Page): string {
  const { proof, words, names } = page
  const since = proof.facts.single_results_since
  const lines = names.flatMap((name) => explanationOf(page, name) ?? [])
  const kept =
    since === null ? words('complete') : words('incomplete', { since: writtenTime(page, since) })
  return `<p>${text(kept)}</p><ul>${lines.map((line) => `<li class="mono">${text(line)}</li>`).join('')}</ul>`
}
