// What a command prints, and keeps in a page of docs between its markers, machine named.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')

export type Part = {
  /** From the root of the repository. */
  page: string
  /** What its markers call it; one word. */
  name: string
  /** The command that prints it. */
  command: string
}

/**
 * Prints the lines below the machine's. In the page they replace what stands between
 * `<!-- name: printed by command -->` and `<!-- end of name -->`, when everything was tried.
 */
export function printPart(part: Part, lines: string[], { isWhole }: { isWhole: boolean }): void {
  const text = [machineLine(), '', ...lines].join('\n')
  console.log(`\n${text}\n`)
  if (isWhole) keep(part, text)
  else console.log(`Not everything was tried: ${part.page} stays as it is.`)
}

/** A table in Markdown. */
export function tableOf(head: string[], rows: string[][]): string[] {
  return [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  )
}

function machineLine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const day = new Date().toISOString().slice(0, 10)
  return `Measured on ${day}: ${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GiB, ${process.platform} ${release()}, Node ${process.versions.node}.`
}

function keep({ page, name, command }: Part, text: string): void {
  const path = join(ROOT, page)
  const before = readFileSync(path, 'utf8')
  const start = `<!-- ${name}: printed by ${command} -->`
  const [from, to] = [before.indexOf(start), before.indexOf(`<!-- end of ${name} -->`)]
  if (from < 0 || to < from) throw new Error(`${page} lacks the markers of ${name}.`)
  writeFileSync(path, `${before.slice(0, from)}${start}\n${text}\n${before.slice(to)}`)
}
