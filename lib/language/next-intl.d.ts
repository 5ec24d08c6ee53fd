// Makes message keys and locales known to the type checker.
import type en from './en.json'
import type { Locale } from './locale.ts'

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: typeof en
  }
}
