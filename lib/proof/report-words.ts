// How a proof pack writes times, lengths and figures, in the reader's language.
import type { Figures } from '#lib/samples/contract.ts'
import type { Page } from './page-parts.ts'
import { SUMS } from './zip.ts'

/** In the named zone, with its name. */
export function writtenTime({ locale, proof }: Page, iso: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: proof.facts.time_zone,
    dateStyle: 'long',
    timeStyle: 'long',
    hourCycle: 'h23',
  }).format(Date.parse(iso))
}

export function writtenSeconds({ locale }: Page, seconds: number): string {
  const style = { style: 'unit', unit: 'second', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(locale, style).format(seconds)
}

/** To the microsecond, as it was measured. */
export function writtenMs(ms: number): string {
  return `${ms.toFixed(3)} ms`
}

/** Nothing is rounded up to 100 %. */
export function writtenFigure(page: Page, name: keyof Figures, value: number | null): string {
  if (value === null) return '—'
  if (name === 'success_rate' || name === 'coverage') return `${Math.floor(value * 1e6) / 1e4} %`
  if (name === 'longest_outage_seconds') return writtenSeconds(page, value)
  return name.endsWith('_ms') ? writtenMs(value) : new Intl.NumberFormat(page.locale).format(value)
}

/** What the window holds, in a sentence or two. */
export function leadOf({ proof, words }: Page): string {
  const { sent, received, lost, not_measured } = proof.facts.figures
  const dark = words('dark', { count: proof.outages.length })
  if (sent === 0) return `${words('leadNothing')} ${dark}`
  return `${words('lead', { sent, received, lost, notMeasured: not_measured })} ${dark}`
}

/** A file of the pack with what it is; undefined for the text that lists them. */
export function explanationOf({ words, counted }: Page, name: string): string | undefined {
  const texts: Record<string, string> = {
    'report.html': words('file.report'),
    'chart.svg': words('file.chart'),
    'samples.csv': words('file.samples', { rows: counted.rows }),
    'summaries.csv': words('file.summaries'),
    'outages.json': words('file.outages'),
    'facts.json': words('file.facts'),
    [SUMS]: words('file.sums'),
  }
  return texts[name] && `${name}: ${texts[name]}`
}
