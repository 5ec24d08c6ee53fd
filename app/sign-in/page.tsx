// Signing in with an employee number and a password.
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { PanelPage } from '../_ui/panel-page.tsx'
import { pageContext } from '../page-context.ts'
import { SignInForm } from './sign-in-form.tsx'

type SignInProps = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function SignInPage({ searchParams }: SignInProps) {
  const { actor } = await pageContext()
  if (actor.kind === 'user') redirect('/')
  const t = await getTranslations('signIn')
  const hasEnded = (await searchParams).ended !== undefined
  return (
    <PanelPage title={t('title')}>
      {hasEnded && <p className="text-13 text-muted">{t('ended')}</p>}
      <SignInForm />
    </PanelPage>
  )
}
