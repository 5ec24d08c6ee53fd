// What all pages of administrators stand in: the way back, and the way to the others.
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { cx } from '../_ui/class-names.ts'

const PAGES = { accounts: '/admin', storage: '/admin/storage' } as const
type AdminPageName = keyof typeof PAGES

const NAMES: AdminPageName[] = ['accounts', 'storage']

export async function AdminFrame({ page, children }: { page: AdminPageName; children: ReactNode }) {
  const t = await getTranslations('admin')
  return (
    <main className="mx-auto flex max-w-220 flex-col gap-6 p-4 sm:p-8">
      <Link href="/" className="inline-flex items-center gap-2 text-13 text-muted hover:text-text">
        <ArrowLeft size={16} aria-hidden />
        {t('back')}
      </Link>
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-2">
        <h1 className="text-28 font-semibold">{t(`pages.${page}`)}</h1>
        <nav aria-label={t('pages.label')} className="flex gap-4 text-14">
          {NAMES.map((name) => (
            <Link
              key={name}
              href={PAGES[name]}
              aria-current={name === page ? 'page' : undefined}
              className={cx(name === page ? 'text-text' : 'text-muted hover:text-text')}
            >
              {t(`pages.${name}`)}
            </Link>
          ))}
        </nav>
      </div>
      {children}
    </main>
  )
}
