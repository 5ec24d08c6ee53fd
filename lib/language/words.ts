// The messages of a room in one language, where no page asks for them: for files and mails.
import { createTranslator } from 'next-intl'
import en from './en.json'
import type { Locale } from './locale.ts'
import zh from './zh-CN.json'

const MESSAGES: Record<Locale, typeof en> = { en, 'zh-CN': zh }

/** The messages of a proof pack. */
export function proofWords(locale: Locale) {
  return createTranslator({ locale, messages: MESSAGES[locale], namespace: 'proof' })
}
