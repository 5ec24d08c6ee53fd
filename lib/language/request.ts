// The language and messages of one page request, for next-intl.
import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { chooseLocale, LOCALE_COOKIE } from './locale.ts'

export default getRequestConfig(async () => {
  const cookie = (await cookies()).get(LOCALE_COOKIE)?.value
  const locale = chooseLocale(cookie, (await headers()).get('accept-language'))
  const { default: messages } = await import(`./${locale}.json`)
  return { locale, messages }
})
