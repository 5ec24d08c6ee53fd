// Accounts, for administrators: who has one, and making another.
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { PageQuery } from '#lib/accounts/contract.ts'
import { listUsers } from '#lib/accounts/read.ts'
import { usersQuery } from '../_data/accounts.ts'
import { adminContext } from '../page-context.ts'
import { Accounts } from './accounts.tsx'

export default async function AdminPage() {
  const { ctx } = await adminContext()
  const t = await getTranslations('admin')
  const client = new QueryClient()
  const { items, next_cursor } = await listUsers(ctx, PageQuery.parse({}))
  // A longer list is read page by page in the browser.
  if (next_cursor === null) client.setQueryData(usersQuery.queryKey, items)
  return (
    <main className="mx-auto flex max-w-180 flex-col gap-6 p-4 sm:p-8">
      <Link href="/" className="inline-flex items-center gap-2 text-13 text-muted hover:text-text">
        <ArrowLeft size={16} aria-hidden />
        {t('back')}
      </Link>
      <h1 className="text-28 font-semibold">{t('title')}</h1>
      <HydrationBoundary state={dehydrate(client)}>
        <Accounts />
      </HydrationBoundary>
    </main>
  )
}
