// The text that a proof pack begins with: what it is, what it holds, how it is checked.
import type { Page } from './page-parts.ts'
import { explanationOf, leadOf, writtenTime } from './report-words.ts'

export function writeReadme(page: Page): string {
  const { proof, words, names } = page
  const { facts } = proof
  const since = facts.single_results_since
  const head = [
    [words('window'), `${writtenTime(page, facts.from)} – ${writtenTime(page, facts.to)}`],
    ['UTC', `${facts.from} – ${facts.to}`],
    [words('zone'), facts.time_zone],
    [words('madeBy'), `${facts.made_by.name} (${facts.made_by.employee_no})`],
    [words('madeAt'), facts.made_at],
    [words('software'), `${facts.software}, ${facts.installation}`],
  ]
  return [
    words('title', { host: facts.target.host }),
    '',
    ...head.map(([name, value]) => `${name}: ${value}`),
    '',
    leadOf(page),
    since === null ? words('complete') : words('incomplete', { since: writtenTime(page, since) }),
    words('definitions'),
    '',
    `${words('files')}:`,
    ...names.flatMap((name) => explanationOf(page, name) ?? []).map((line) => `  ${line}`),
    '',
  ].join('\r\n')
}
