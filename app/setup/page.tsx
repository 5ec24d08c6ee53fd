// The first administrator, made by whoever holds the one-time link.
import { getTranslations } from 'next-intl/server'
import { PanelPage } from '../_ui/panel-page.tsx'
import { pageContext } from '../page-context.ts'
import { SetupForm } from './setup-form.tsx'

type SetupProps = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function SetupPage({ searchParams }: SetupProps) {
  await pageContext()
  const { token } = await searchParams
  const t = await getTranslations('setup')
  return (
    <PanelPage title={t('title')}>
      {typeof token === 'string' ? (
        <>
          <p className="text-13 text-muted">{t('intro')}</p>
          <SetupForm token={token} />
        </>
      ) : (
        <p role="alert" className="text-14">
          {t('noToken')}
        </p>
      )}
    </PanelPage>
  )
}
