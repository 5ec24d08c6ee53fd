// Mends postgres.js after each installation: a session that dies must end no process.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './install.mjs'

/**
 * In postgres.js 3.4.9 a statement that comes after its session has died, the rollback of every
 * transaction that dies with it, is written to a socket that is no longer there: nobody can catch
 * that, and the connection never writes again (its issues 1066, 1154, 1208). Here such a statement
 * is refused with CONNECTION_CLOSED. Another version has to be looked at anew.
 */
const VERSION = '3.4.9'
const FOLDER = join(ROOT, 'node_modules/postgres')
const FILE = join(FOLDER, 'src/connection.js')
const MENDED = '/* mended by Echowall */'

/** What stands there once, and what has to stand behind it. */
const MENDS = [
  ['    , nextWriteTimer = null\n', '    , isReady = false\n'],
  ['  function ReadyForQuery(x) {\n', '    isReady = true\n'],
  [
    "    if (terminated)\n      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))\n",
    "    if (!isReady)\n      return queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true\n",
  ],
  [
    '  async function closed(hadError) {\n',
    '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    isReady = false\n',
  ],
]
const { version } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'))
if (version !== VERSION) {
  throw new Error(`This is postgres.js ${version}, but ${VERSION} is the one that is mended here.`)
}
const text = readFileSync(FILE, 'utf8')
if (!text.startsWith(MENDED)) writeMended(MENDS.reduce(mend, text))

/**
 * @param {string} text
 * @param {string[]} pair
 */
function mend(text, [before = '', after = '']) {
  const parts = text.split(before)
  if (parts.length !== 2) throw new Error(`postgres.js does not say once: ${before}`)
  return parts.join(before + after)
}

// Renamed into place: whoever reads meanwhile reads one of the two whole.
/** @param {string} mended */
function writeMended(mended) {
  writeFileSync(`${FILE}.new`, `${MENDED} ${mended}`)
  renameSync(`${FILE}.new`, FILE)
}
