// The languages of the pages, and which of them a reader gets: cookie first, then browser.

export const LOCALES = ['en', 'zh-CN'] as const
export type Locale = (typeof LOCALES)[number]
export const LOCALE_COOKIE = 'locale'

const FALLBACK: Locale = 'en'

/** `acceptLanguage` is the header as sent (RFC 9110, section 12.5.4). */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  const chosen = LOCALES.find((locale) => locale === cookie)
  return chosen ?? wanted(acceptLanguage ?? '').flatMap(localesOf)[0] ?? FALLBACK
}

// Tags in the reader's order; those of quality 0 are refused.
function wanted(header: string): string[] {
  return header
    .slice(0, 1_000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { tag, quality: q === undefined ? 1 : Number(q) || 0 }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

function localesOf(tag: string): Locale[] {
  if (tag === 'zh' || tag.startsWith('zh-')) return ['zh-CN']
  return tag === 'en' || tag.startsWith('en-') ? ['en'] : []
}
