// A close code with its reason, what it means, and whether the page comes back.
'use client'
import { useTranslations } from 'next-intl'
import { comesBack } from '#lib/live/close-codes.ts'

const KNOWN = [
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1015, 4000, 4001, 4002, 4500, 4501,
] as const

/** `text` is the code, a blank, and the reason, as the record keeps them. */
export function CloseMeaning({ text }: { text: string }) {
  const t = useTranslations('inspect')
  const codes = useTranslations('closeCode')
  if (text === '') return <>{t('endedByRoad')}</>
  const code = Number.parseInt(text, 10)
  const reason = text.slice(String(code).length).trim()
  const known = KNOWN.find((one) => one === code)
  return (
    <>
      <span className="font-mono text-12">
        {code}
        {reason && ` ${reason}`}
      </span>{' '}
      <span className="text-muted">
        {codes(known === undefined ? 'other' : `${known}`)}{' '}
        {comesBack(code) ? t('comesBack') : t('staysAway')}
      </span>
    </>
  )
}
