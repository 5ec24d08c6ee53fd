// The map of the house and its settings, as README.md and .env.example print them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeSettings } from '#lib/config.ts'
import { ROOT } from './install.mjs'

const FOLDERS = ['app', 'lib', 'worker', 'drizzle', 'tests']
const CODE = /\.(?:tsx?|mjs|css|sql)$/

/** The printed files as they should be now, by name. */
export function printFiles(): Record<string, string> {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  return {
    'README.md': replacePart(replacePart(readme, 'settings', settingsTable()), 'map', houseMap()),
    '.env.example': settingsFile(),
  }
}

function replacePart(text: string, part: string, content: string): string {
  const [start, end] = [`<!-- ${part}: printed by npm run map -->`, `<!-- end of ${part} -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`README.md lacks the markers of "${part}".`)
  return `${text.slice(0, from)}${start}\n${content}\n${text.slice(to)}`
}

function settingsTable(): string {
  const rows = describeSettings().map(({ name, fallback, sentence }) => {
    const value = fallback === '' ? '' : `\`${fallback}\``
    return `| \`${name}\` | ${value} | ${sentence.replaceAll('|', '\\|')} |`
  })
  return ['| Setting | Default | What it does |', '| --- | --- | --- |', ...rows].join('\n')
}

function settingsFile(): string {
  const settings = describeSettings().map(
    ({ name, fallback, sentence }) => `# ${sentence}\n#${name}=${fallback}\n`,
  )
  return [
    '# Settings of Echowall: copy this file to .env, then uncomment what you change.\n',
    ...settings,
  ].join('\n')
}

function houseMap(): string {
  return FOLDERS.map((folder) => {
    const lines = ['```text', ...mapFolder(folder, 0), '```']
    return ['<details>', `<summary>${folder}/</summary>`, '', ...lines, '', '</details>'].join('\n')
  }).join('\n\n')
}

function mapFolder(folder: string, depth: number): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && CODE.test(entry.name) && !/\.test\.ts$/.test(entry.name))
    .map(({ name }) => mapLine(name, captionOf(join(folder, name)), depth + 1))
  const folders = entries.filter((entry) => entry.isDirectory())
  const inner = folders.flatMap(({ name }) => mapFolder(join(folder, name), depth + 1))
  if (files.length === 0 && inner.length === 0) return []
  const name = depth === 0 ? folder : (folder.split('/').at(-1) ?? folder)
  return [`${'  '.repeat(depth)}${name}/`, ...files.sort(), ...inner]
}

function mapLine(name: string, caption: string, depth: number): string {
  return `${`${'  '.repeat(depth)}${name}`.padEnd(34)} ${caption}`
}

function captionOf(path: string): string {
  const [first = ''] = readFileSync(join(ROOT, path), 'utf8').split('\n', 1)
  return first.replace(/^(?:\/\/|--|\/\*)\s*/, '').replace(/\s*\*\/$/, '')
}
