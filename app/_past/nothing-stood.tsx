// In place of the cards where none stood on the wall at that time.
'use client'
import { useTranslations } from 'next-intl'

export function NothingStood() {
  const t = useTranslations('past')
  return <p className="py-24 text-center text-muted">{t('nothing')}</p>
}
