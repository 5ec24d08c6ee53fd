import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as names from '#lib/channels/names.ts'

const PAGE = readFileSync('docs/channels.md', 'utf8')
const NOTES_QUOTED = /^### “(.+)”$/gm
const TEST_NAMED = /`(tests\/[\w./-]+)`: “([^”]+)”/g

it('the page on channels names tests that are there, by the words they have', () => {
  const tests = [...PAGE.matchAll(TEST_NAMED)]
  expect(tests.length).toBeGreaterThan(15)
  const missing = tests.filter(([, file = '', name = '']) => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    return !text.includes(name.replaceAll("'", "\\'")) && !text.includes(name)
  })
  expect(missing.map(([line]) => line)).toEqual([])
})

it('the page on channels shows a test below every question', () => {
  const answers = PAGE.split(NOTES_QUOTED).slice(1)
  for (let i = 0; i < answers.length; i += 2) {
    expect(answers[i + 1], answers[i]).toMatch(TEST_NAMED)
  }
})

it('the page on channels knows every name in use', () => {
  const inUse = [
    names.groupOfWatchers('<id>'),
    names.groupOfUser('<id>'),
    names.WORKERS,
    names.ACCESS,
  ]
  const told = [...PAGE.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name)
  expect(told).toEqual(inUse)
})
