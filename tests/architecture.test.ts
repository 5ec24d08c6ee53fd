import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { floorOf, roomOf } from './support/floors.ts'
import { findCycle, reachableInBrowser } from './support/import-graph.ts'
import { listFiles, ROOT, readSources, readText, type SourceFile } from './support/source-tree.ts'

const sources = readSources()
const captioned = sources.filter(({ path }) => !path.endsWith('.test.ts'))

/** Fails with the law and every place that breaks it, so that the failure explains itself. */
function obey(law: string, broken: string[]): void {
  if (broken.length > 0) throw new Error(`${law}\n${broken.map((line) => `  ${line}`).join('\n')}`)
}

/** One line for every import that breaks a law. */
function importsWhere(breaks: (file: SourceFile, target: string) => boolean): string[] {
  return sources.flatMap((file) =>
    file.imports
      .filter(({ isOurs, target }) => isOurs && breaks(file, target))
      .map(({ target }) => `${file.path} imports ${target}`),
  )
}

describe('the import law', () => {
  it('is asked of the whole house', () => {
    const imports = sources.flatMap((file) => file.imports)
    if (sources.length < 100 || imports.length < 400) throw new Error('Most files were not read.')
  })

  it('lets app and worker use lib, and nothing else', () => {
    obey(
      'app imports app and lib, worker imports worker and lib; neither starts processes.',
      importsWhere(({ path }, target) => {
        const [house = ''] = path.split('/', 1)
        if (house !== 'app' && house !== 'worker') return false
        if (target.startsWith('lib/')) return ['server', 'launch'].includes(roomOf(target))
        return !target.startsWith(`${house}/`)
      }),
    )
  })

  it('lets lib use lib alone', () => {
    obey(
      'lib knows neither app nor worker nor tests.',
      importsWhere(
        ({ path }, target) =>
          path.startsWith('lib/') && !target.startsWith('lib/') && target !== 'package.json',
      ),
    )
  })

  it('lets nobody climb: a room uses lower floors, and any room by its contract', () => {
    obey(
      'Inside lib imports go down the floors of tests/support/floors.ts; only a contract.ts may be imported from below or beside.',
      importsWhere(
        ({ path }, target) =>
          path.startsWith('lib/') &&
          target.startsWith('lib/') &&
          roomOf(path) !== roomOf(target) &&
          floorOf(target) >= floorOf(path) &&
          !target.endsWith('/contract.ts'),
      ),
    )
  })

  it('keeps the first level of lib closed', () => {
    const entries = readdirSync(join(ROOT, 'lib'), { withFileTypes: true })
    obey(
      'The first level of lib is a closed list (tests/support/floors.ts); put this into a room.',
      entries.map(({ name }) => `lib/${name}`).filter((path) => floorOf(path) === -1),
    )
  })

  it('has no cycles and no barrels', () => {
    obey('Files import each other in a circle.', findCycle(sources))
    obey(
      'Import a thing from the file that makes it; nothing is exported a second time.',
      sources.flatMap(({ path, imports }) =>
        imports.filter((i) => i.isReExport).map(({ target }) => `${path} re-exports ${target}`),
      ),
    )
  })

  it('leaves main.ts files to those who start them', () => {
    obey(
      'A main.ts composes a process; nobody imports it (start.mjs becomes the launcher).',
      importsWhere(
        ({ path }, target) => target.endsWith('/main.ts') && path !== 'lib/launch/start.mjs',
      ),
    )
  })

  it('brings only what browsers understand to the browser', () => {
    obey(
      'Reached from a client component, but made for the server.',
      reachableInBrowser(sources)
        .filter(({ isUnfit }) => isUnfit)
        .map(({ chain }) => chain),
    )
  })
})

describe('every file', () => {
  it('begins with its caption: one sentence of at most 90 characters', () => {
    obey(
      'The first line says in one sentence (// …, at most 90 characters, with a full stop) what the file is for.',
      captioned
        .filter(({ text }) => !/^\/\/ .{1,89}[.!?]\n/.test(text))
        .map(({ path, text }) => `${path}: ${text.split('\n', 1)[0]}`),
    )
    obey(
      'A migration begins with a line that says which guarantee it gives.',
      listFiles(/\.sql$/).filter((path) => !readText(path).startsWith('-- ')),
    )
  })

  it('has a name that says something, in kebab-case', () => {
    const words =
      'utils?|helpers?|common|misc|shared|types|interfaces|constants|manager|service|index|base'
    const mute = new RegExp(`(?:^|[/.-])(?:${words})\\.\\w+$`)
    const kebab =
      /^(?:(?:_?[a-z0-9-]+(?:\.csv)?|\[{1,2}[a-zA-Z.]+\]{1,2}|\([a-z-]+\))\/)*[a-z0-9.-]+$/
    obey(
      'Name the thing in the words of the domain, in kebab-case (STYLE 3.1).',
      sources.map(({ path }) => path).filter((path) => mute.test(path) || !kebab.test(path)),
    )
  })

  it('stops at 200 lines', () => {
    obey(
      'Split the file where its second thing begins (the schema alone is one page on purpose).',
      sources
        .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
        .filter(({ path, lines }) => lines > 200 && path !== 'lib/db/schema.ts')
        .map(({ path, lines }) => `${path}: ${lines} lines`),
    )
  })

  it('exports by name, has no classes but errors, and leaves nothing for later', () => {
    const isTold =
      /(?:^app\/.*\/?(?:page|layout|error|not-found|loading)\.tsx|config\.(?:m?js|ts)|request\.ts)$/
    const find = (law: string, pattern: RegExp, exempt = (_: string) => false) =>
      obey(
        law,
        sources.filter(({ path, text }) => pattern.test(text) && !exempt(path)).map((f) => f.path),
      )
    find('Only what a framework asks for is a default export.', /^export default/m, (p) =>
      isTold.test(p),
    )
    find(
      'A class is for errors only; else a function or a factory.',
      /^(?:export )?(?:abstract )?class (?!\w+ extends \w*(?:Error|Fault)\b)/m,
    )
    find('What is to be done stands in an issue.', /\/\/.*\b(?:TODO|FIXME|XXX)\b/)
    find(
      'Only lib/config.ts reads the environment (plain .mjs doors too).',
      /\bprocess\.env\b(?!')/,
      (path) =>
        path === 'lib/config.ts' || path.endsWith('.mjs') || path === 'tests/architecture.test.ts',
    )
  })
})

describe('a verb', () => {
  it('that writes checks access itself', () => {
    const verbs = sources
      .filter(({ path }) => /^lib\/\w+\/write\.ts$/.test(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/^export async function (\w+)\(\s*ctx: Ctx[\s\S]*?\n\}\n/gm)].map(
          ([body, name = '']) => ({ path, name, body }),
        ),
      )
    obey(
      'An exported verb of a write.ts calls requireUser, requireAdmin, requireGroup or their like.',
      verbs
        .filter(({ body }) => !/\brequire[A-Z]\w*\(/.test(body))
        .map(({ path, name }) => `${path}: ${name}`),
    )
  })
})

describe('a test', () => {
  it('is named by a guarantee', () => {
    obey(
      'Say what is so, not what should be.',
      sources
        .filter(({ path }) => path.endsWith('.test.ts') && path !== 'tests/architecture.test.ts')
        .flatMap(({ path, text }) =>
          [...text.matchAll(/\bit(?:\.\w+(?:\([^)]*\))?)?\(\s*['"`](should\b.*)/g)].map(
            ([, name]) => `${path}: ${name}`,
          ),
        ),
    )
  })
})
