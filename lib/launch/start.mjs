// What `npm start` runs: installs what is missing, then becomes the launcher under tsx.
import { existsSync } from 'node:fs'
import { installDependencies, ROOT } from './install.mjs'

process.chdir(ROOT)
installDependencies({ withTests: false })
readSettingsFile('.env')
process.env.NODE_ENV = process.argv[2] === 'dev' ? 'development' : 'production'

// In this same process: signals and the exit code need no forwarding.
const { register } = await import('tsx/esm/api')
register()
await import('./main.ts')

/** @param {string} path */
function readSettingsFile(path) {
  if (!existsSync(path)) return
  if (!process.loadEnvFile) {
    console.error(`Reading ${path} needs Node 20.12: update Node, or set variables instead.`)
    process.exit(1)
  }
  process.loadEnvFile(path)
}
