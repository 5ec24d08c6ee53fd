// The source files of the house and what they import, for the architecture test.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Import = {
  /** A path from the root for a file of ours, else the package or `node:` name as written. */
  target: string
  isOurs: boolean
  isTypeOnly: boolean
  isReExport: boolean
}

export type SourceFile = { path: string; text: string; imports: Import[] }

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['app', 'lib', 'worker', 'drizzle', 'tests']
const TOP_LEVEL = ['next.config.js', 'vitest.config.ts', 'postcss.config.mjs']
const CODE = /\.(?:ts|tsx|mjs|js)$/

/** Every file of the house with the given ending. */
export function listFiles(ending: RegExp): string[] {
  const nested = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => posix.join(entry.parentPath.slice(ROOT.length), entry.name)),
  )
  return [...TOP_LEVEL, ...nested].filter((path) => ending.test(path)).sort()
}

/** Every code file with its text and imports. */
export function readSources(): SourceFile[] {
  return listFiles(CODE).map((path) => {
    const text = readText(path)
    return { path, text, imports: findImports(path, text) }
  })
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

// Biome formats every file, so a statement begins its line and its source stands in single quotes.
const STATEMENT = /^(import|export)\s+(type\s)?[^'"`;]*?\bfrom\s+'([^']+)'/gm
const SIDE_EFFECT = /^import\s+'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g

function findImports(path: string, text: string): Import[] {
  const statements = [...text.matchAll(STATEMENT)].map(([, keyword, type, source = '']) => ({
    ...resolve(path, source),
    isTypeOnly: type !== undefined,
    isReExport: keyword === 'export',
  }))
  const others = [...text.matchAll(SIDE_EFFECT), ...text.matchAll(DYNAMIC)].map(
    ([, source = '']) => ({ ...resolve(path, source), isTypeOnly: false, isReExport: false }),
  )
  return [...statements, ...others]
}

function resolve(path: string, source: string): { target: string; isOurs: boolean } {
  if (source.startsWith('#lib/')) return { target: source.slice(1), isOurs: true }
  if (source.startsWith('.')) return { target: posix.join(dirname(path), source), isOurs: true }
  return { target: source, isOurs: false }
}
