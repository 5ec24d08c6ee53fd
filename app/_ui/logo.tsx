// The name of the product with its sign: an echo between two walls.
import { useTranslations } from 'next-intl'

export function Logo() {
  const t = useTranslations('app')
  return (
    <span className="inline-flex items-center gap-2 text-14 font-semibold whitespace-nowrap">
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" className="text-accent">
        <path
          d="M2.5 3v14M17.5 3v14M6.5 7.5a5 5 0 0 1 0 5M9.75 5.5a9 9 0 0 1 0 9M13 3.5a13 13 0 0 1 0 13"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
        />
      </svg>
      {t('name')}
    </span>
  )
}
