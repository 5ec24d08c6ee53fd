// Secrets made once and kept in the data folder, readable by us alone.
import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LaunchFault, systemCode } from './launch-fault.ts'

/** Makes the folder when it is missing and returns its real path; throws `LaunchFault` if it is not ours to write. */
export async function openFolder(folder: string): Promise<string> {
  try {
    // Others may pass through, not look: PostgreSQL may run as another user. Secrets are 0600.
    await mkdir(folder, { recursive: true, mode: 0o711 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return await realpath(folder)
  } catch (cause) {
    throw notOurs(folder, cause)
  }
}

/** What was kept under `name`, or what `make` gives, kept from now on. */
export async function keep(
  folder: string,
  name: string,
  make: () => string | Promise<string>,
): Promise<string> {
  const path = join(folder, name)
  try {
    const kept = (await readFile(path, 'utf8')).trim()
    if (kept !== '') return kept
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw notOurs(path, cause)
  }
  const made = await make()
  await writeFile(path, `${made}\n`, { mode: 0o600 })
  return made
}

/** 32 random bytes in letters that need no escaping in a URL. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

function notOurs(path: string, cause: unknown): LaunchFault {
  return new LaunchFault(
    `${path} cannot be read and written (${systemCode(cause)}): start as the user who owns it, or choose another folder with DATA_DIR.`,
    { cause },
  )
}
