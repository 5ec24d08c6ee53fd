// Fails every test during which something was written with console.error.
import { format } from 'node:util'
import { afterEach, beforeEach } from 'vitest'

const original = console.error
let written: string[] = []

beforeEach(() => {
  written = []
  console.error = (...words: unknown[]) => {
    written.push(format(...words))
    original(...words)
  }
})

afterEach(() => {
  console.error = original
  if (written.length > 0) throw new Error(`console.error was called: ${written.join('\n')}`)
})
