import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '#lib/errors.ts'
import en from '#lib/language/en.json' with { type: 'json' }
import { chooseLocale } from '#lib/language/locale.ts'
import zh from '#lib/language/zh-CN.json' with { type: 'json' }
import { STANDINGS } from '#lib/targets/health.ts'

/** Every message with the names of what it is given. */
function messagesOf(tree: object, path: string[] = []): [string, string[]][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string[]][] => {
    if (typeof value !== 'string') return messagesOf(value, [...path, key])
    const names = [...value.matchAll(/\{(\w+)/g)].map(([, name]) => String(name))
    // Words inside a plural's branch begin with a brace too; their first word is no name.
    const given = names.filter((name) => new RegExp(`\\{${name}[,}]`).test(value))
    return [[[...path, key].join('.'), [...new Set(given)].sort()]]
  })
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

describe('the languages', () => {
  it('have the same messages, each with the same facts', () => {
    expect(messagesOf(zh)).toEqual(messagesOf(en))
  })

  it('have a word for every state and every error', () => {
    expect(Object.keys(en.standing).sort()).toEqual([...STANDINGS].sort())
    for (const code of Object.keys(ERROR_CODES)) expect(en.error).toHaveProperty(code)
  })

  it('hold no message that no page or file uses', () => {
    const source = ['app', 'lib/proof'].flatMap(sourcesOf).join('\n')
    const isUsed = (key: string) => source.includes(`'${key}'`) || source.includes(`.${key}'`)
    // These are looked up by a word of the domain.
    const byWord =
      /^(closeCode|standing|role|error|connection|wall|proof\.(figure|kinds)|storage\.settings)\./
    const unused = messagesOf(en)
      .map(([key]) => key)
      .filter((key) => !byWord.test(key) && !isUsed(String(key.split('.').at(-1))))
    expect(unused).toEqual([])
  })
})

describe('the language of a reader', () => {
  it.each([
    [undefined, 'zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    [undefined, 'zh-TW', 'zh-CN'],
    [undefined, 'fr, en-GB;q=0.5, zh;q=0.1', 'en'],
    [undefined, 'en;q=0, zh', 'zh-CN'],
    [undefined, 'fr', 'en'],
    [undefined, null, 'en'],
    ['zh-CN', 'en', 'zh-CN'],
    ['../../secret', 'en', 'en'],
  ] as const)('with cookie %s and header %s is %s', (cookie, header, locale) => {
    expect(chooseLocale(cookie, header)).toBe(locale)
  })
})
