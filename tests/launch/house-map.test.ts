import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeSettings } from '#lib/config.ts'
import { printFiles } from '#lib/launch/house-map.ts'
import { ROOT } from '../support/source-tree.ts'

describe('the printed files', () => {
  for (const [name, text] of Object.entries(printFiles())) {
    it(`are current: ${name} says what the code says (else: npm run map)`, () => {
      expect(readFileSync(join(ROOT, name), 'utf8')).toBe(text)
    })
  }

  it('name every setting, at most 40', () => {
    const settings = describeSettings()
    expect(settings.length).toBeLessThanOrEqual(40)
    for (const { name, sentence } of settings) {
      expect(sentence, name).not.toBe('')
      expect(printFiles()['.env.example']).toContain(`#${name}=`)
    }
  })
})
