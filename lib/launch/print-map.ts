// `npm run map`: prints map and settings into README.md and .env.example.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printFiles } from './house-map.ts'
import { ROOT } from './install.mjs'

for (const [name, text] of Object.entries(printFiles())) writeFileSync(join(ROOT, name), text)
