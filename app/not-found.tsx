// Nothing here, or nothing that one may see: the same page for both.
import { getTranslations } from 'next-intl/server'
import { LinkHome } from './_ui/link-home.tsx'
import { PanelPage } from './_ui/panel-page.tsx'

export default async function NotFoundPage() {
  const t = await getTranslations('error')
  return (
    <PanelPage title={t('notFoundTitle')}>
      <p className="text-14 text-muted">{t('notFound')}</p>
      <LinkHome>{t('home')}</LinkHome>
    </PanelPage>
  )
}
