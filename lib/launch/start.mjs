// What `npm start` runs: installs what is missing, then becomes the launcher under tsx.
import { existsSync } from 'node:fs'
import { installDependencies, ROOT } from './install.mjs'

process.chdir(ROOT)
installDependencies({ withTests: false })
readSettingsFile('.env')
process.env.NODE_ENV = process.argv[2] === 'dev' ? 'development' : 'production'
if (process.env.npm_lifecycle_event) endWithParent()

// In this same process: signals and the exit code need no forwarding.
const { register } = await import('tsx/esm/api')
register()
await import('./main.ts')

// An npm that was killed passes no signal on; without npm we may well outlive our shell.
function endWithParent() {
  const { ppid } = process
  const watch = setInterval(() => {
    if (process.ppid === ppid) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

/** @param {string} path */
function readSettingsFile(path) {
  if (!existsSync(path)) return
  if (!process.loadEnvFile) {
    console.error(`Reading ${path} needs Node 20.12: update Node, or set variables instead.`)
    process.exit(1)
  }
  process.loadEnvFile(path)
}
