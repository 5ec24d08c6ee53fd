// The page of a proof pack: one file, without scripts, to be read on a screen or on paper.
import type { Outage } from '#lib/samples/contract.ts'
import { escapeXml as text } from './chart.ts'
import { note, type Page, section, table } from './page-parts.ts'
import { writeMethod } from './report-method.ts'
import { leadOf, writtenFigure, writtenSeconds, writtenTime } from './report-words.ts'

const LOOK = `
  body { font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; color: #1c2126; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 22px; margin: 0 0 .25rem; } h2 { font-size: 15px; margin: 1.75rem 0 .5rem; }
  .lead { font-size: 16px; } .note { color: #555c63; font-size: 12px; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #dde1e5; font-weight: 400; }
  thead th, .facts th { color: #555c63; } .facts th { width: 11rem; white-space: nowrap; }
  .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .75rem 1rem; margin: 0; }
  .figures dt { color: #555c63; font-size: 12px; } .figures dd { margin: 0; font-size: 16px; font-variant-numeric: tabular-nums; }
  .mono { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; overflow-wrap: anywhere; } svg { width: 100%; height: auto; }
  @page { margin: 15mm; }
  @media print { body { margin: 0; max-width: none; padding: 0; font-size: 11px; } tr, figure, .figures div { break-inside: avoid; } h2 { break-after: avoid; } }
`

export function writeReport(page: Page): string {
  const { proof, words, locale, chart } = page
  const { target } = proof.facts
  const title = text(words('title', { host: target.host }))
  return [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${LOOK}</style></head><body>`,
    `<h1>${title}</h1><p class="lead">${text(leadOf(page))}</p>`,
    facts(page),
    section(
      words('chart'),
      `<figure style="margin:0">${chart}</figure>${note(words('chartText'))}`,
    ),
    section(words('figures'), figures(page) + note(words('definitions'))),
    section(words('outages'), outages(page)),
    writeMethod(page),
    '</body></html>\n',
  ].join('\n')
}

function facts(page: Page): string {
  const { words, proof } = page
  const { target, group, from, to, time_zone, made_by, made_at, software, installation } =
    proof.facts
  const rows = [
    [words('address'), target.label ? `${target.host} (${target.label})` : target.host],
    [words('group'), group.name],
    [words('window'), `${writtenTime(page, from)} – ${writtenTime(page, to)}`],
    ['UTC', `${from} – ${to}`],
    [words('zone'), time_zone],
    [words('madeBy'), `${made_by.name} (${made_by.employee_no})`],
    [words('madeAt'), writtenTime(page, made_at)],
    [words('software'), software],
    [words('installation'), installation],
  ]
  const lines = rows.map(
    ([name = '', value = '']) => `<tr><th>${text(name)}</th><td>${text(value)}</td></tr>`,
  )
  return `<table class="facts"><tbody>${lines.join('\n')}</tbody></table>`
}

const FIGURES = [
  ...(['sent', 'received', 'lost', 'not_measured', 'success_rate', 'coverage'] as const),
  ...(['longest_outage_seconds', 'min_ms', 'p50_ms', 'avg_ms', 'p95_ms', 'p99_ms'] as const),
  ...(['max_ms', 'jitter_ms'] as const),
]

function figures(page: Page): string {
  const cells = FIGURES.map((name) => {
    const value = writtenFigure(page, name, page.proof.facts.figures[name])
    return `<div><dt>${text(page.words(`figure.${name}`))}</dt><dd>${text(value)}</dd></div>`
  })
  return `<dl class="figures">${cells.join('\n')}</dl>`
}

function outages(page: Page): string {
  const { proof, words } = page
  if (proof.outages.length === 0) return note(words('dark', { count: 0 }))
  const head = [words('from'), words('to'), words('length'), words('met'), words('path')]
  const rows = proof.outages.map((outage) => outageRow(page, outage))
  const more = proof.areAllOutages ? '' : note(words('moreOutages', { count: rows.length }))
  return table(head, rows) + more
}

function outageRow(page: Page, { started_at, ended_at, ended_by, ...outage }: Outage): string[] {
  const { words } = page
  const { kind, error, path } = outage
  const end = ended_at && writtenTime(page, ended_at)
  const seconds = ended_at && (Date.parse(ended_at) - Date.parse(started_at)) / 1000
  const named = kind ? words(`kinds.${kind}`) : '—'
  const from = error?.from ?? ''
  const said =
    error?.code == null
      ? words('saidBy', { kind: named, from })
      : words('saidByCode', { kind: named, from, code: error.code })
  const hops = path?.map((hop) => `${hop.ttl} ${hop.from ?? '*'}`).join(' → ')
  return [
    text(writtenTime(page, started_at)),
    text(end === null ? words('open') : ended_by === 'stop' ? `${end} (${words('stopped')})` : end),
    text(!seconds ? '—' : writtenSeconds(page, seconds)),
    text(error ? said : named),
    `<span class="mono">${text(hops || words('pathUnknown'))}</span>`,
  ]
}
