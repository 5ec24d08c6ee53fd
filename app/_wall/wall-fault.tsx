// Shown when the wall could not be read at all.
'use client'
import { useTranslations } from 'next-intl'
import { Button } from '../_ui/button.tsx'

export function WallFault({ onRetry }: { onRetry(): void }) {
  const t = useTranslations('error')
  return (
    <div role="alert" className="flex flex-col items-center gap-4 py-24">
      <p>{t('page')}</p>
      <Button onClick={onRetry}>{t('retry')}</Button>
    </div>
  )
}
