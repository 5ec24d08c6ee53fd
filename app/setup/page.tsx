// The first administrator, made by whoever holds the one-time link.
import { getTranslations } from 'next-intl/server'
import { isSetupToken } from '#lib/accounts/setup.ts'
import { PanelPage } from '../_ui/panel-page.tsx'
import { pageContext } from '../page-context.ts'
import { SetupForm } from './setup-form.tsx'

type SetupProps = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function SetupPage({ searchParams }: SetupProps) {
  const { token } = await searchParams
  const t = await getTranslations('setup')
  if (typeof token !== 'string') return <Refused title={t('title')}>{t('noToken')}</Refused>
  const { db } = await pageContext()
  if (!(await isSetupToken(db, token))) return <Refused title={t('title')}>{t('refused')}</Refused>
  return (
    <PanelPage title={t('title')}>
      <p className="text-13 text-muted">{t('intro')}</p>
      <SetupForm token={token} />
    </PanelPage>
  )
}

function Refused({ title, children }: { title: string; children: string }) {
  return (
    <PanelPage title={title}>
      <p role="alert" className="text-14">
        {children}
      </p>
    </PanelPage>
  )
}
