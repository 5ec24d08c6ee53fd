// Shown in place of a page that failed; trying again reads it anew.
'use client'
import { useTranslations } from 'next-intl'
import { Button } from './_ui/button.tsx'
import { PanelPage } from './_ui/panel-page.tsx'

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations('error')
  return (
    <PanelPage title={t('title')}>
      <p className="text-14 text-muted">{t('page')}</p>
      <Button look="primary" onClick={reset}>
        {t('retry')}
      </Button>
    </PanelPage>
  )
}
