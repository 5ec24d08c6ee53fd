// The files of a proof pack, in their order: what a person reads, and what a program reads.
import type { Locale } from '#lib/language/locale.ts'
import { proofWords } from '#lib/language/words.ts'
import { Bucket, MeasuredEcho } from '#lib/samples/history-contract.ts'
import { csvLine } from '#lib/samples/written-history.ts'
import { drawChart } from './chart.ts'
import { createLocalTime } from './local-time.ts'
import type { Counted } from './page-parts.ts'
import type { OpenProof, SummedTime } from './read.ts'
import { writeReadme } from './readme.ts'
import { writeReport } from './report.ts'
import { type PackedFile, SUMS } from './zip.ts'

/** The results come first, so that the report tells how many there were. */
export function proofFiles(proof: OpenProof, locale: Locale): PackedFile[] {
  const words = proofWords(locale)
  const { time_zone } = proof.facts
  const localTime = createLocalTime(time_zone)
  const clock = axisClock(proof, locale)
  const chart = drawChart(proof, {
    title: words('title', { host: proof.facts.target.host }),
    time: (ms) => clock.format(ms),
  })
  const counted: Counted = { rows: 0 }
  const hasSummaries = proof.facts.single_results_since !== null
  const names = [
    ...['samples.csv', ...(hasSummaries ? ['summaries.csv'] : [])],
    ...['outages.json', 'facts.json', 'chart.svg', 'report.html', 'README.txt', SUMS],
  ]
  const page = { proof, words, locale, counted, names, chart }
  const files: Record<string, PackedFile['chunks']> = {
    'samples.csv': samples(proof.echoes, localTime, counted),
    'summaries.csv': summaries(proof.summaries, localTime),
    'outages.json': [json(proof.outages)],
    'facts.json': later(() => json({ ...proof.facts, single_results: counted.rows })),
    'chart.svg': [chart],
    'report.html': later(() => writeReport(page)),
    'README.txt': later(() => writeReadme(page)),
  }
  return names.flatMap((name) => (files[name] ? [{ name, chunks: files[name] }] : []))
}

/** A file's name of plain letters: the host, and when the window begins. */
export function proofNameOf({ facts }: OpenProof): string {
  const host = facts.target.host.replaceAll(/[^A-Za-z0-9.]+/g, '-')
  return `proof-${host}-${facts.from.replaceAll(/[:-]|\.\d+/g, '')}.zip`
}

async function* samples(
  pages: AsyncGenerator<MeasuredEcho[]>,
  localTime: (ms: number) => string,
  counted: Counted,
): AsyncGenerator<string> {
  const { at: _, ...columns } = MeasuredEcho.shape
  yield csvLine(['at', 'local_time', ...Object.keys(columns)])
  for await (const page of pages) {
    counted.rows += page.length
    yield page
      .map(({ at, rtt_ms, outcome }) => csvLine([at, localTime(Date.parse(at)), rtt_ms, outcome]))
      .join('')
  }
}

async function* summaries(
  pages: AsyncGenerator<SummedTime[]>,
  localTime: (ms: number) => string,
): AsyncGenerator<string> {
  const { at: _, ...columns } = Bucket.shape
  yield csvLine(['at', 'local_time', 'seconds', ...Object.keys(columns)])
  for await (const page of pages) {
    yield page
      .map(({ at, seconds, ...figures }) =>
        csvLine([at, localTime(Date.parse(at)), seconds, ...Object.values(figures)]),
      )
      .join('')
  }
}

// Written when its turn has come, after what it tells of.
async function* later(write: () => string): AsyncGenerator<string> {
  yield write()
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const DAY_MS = 86_400_000

function axisClock({ facts }: OpenProof, locale: Locale): Intl.DateTimeFormat {
  const spanMs = Date.parse(facts.to) - Date.parse(facts.from)
  return new Intl.DateTimeFormat(locale, {
    timeZone: facts.time_zone,
    hourCycle: 'h23',
    ...(spanMs > DAY_MS && { month: 'short', day: 'numeric' }),
    ...{ hour: '2-digit', minute: '2-digit' },
    ...(spanMs < DAY_MS / 24 && { second: '2-digit' }),
  })
}
