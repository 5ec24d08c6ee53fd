// Accounts, for administrators: who has one, and making another.
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { PageQuery } from '#lib/accounts/contract.ts'
import { listUsers } from '#lib/accounts/read.ts'
import { usersQuery } from '../_data/accounts.ts'
import { adminContext } from '../page-context.ts'
import { Accounts } from './accounts.tsx'
import { AdminFrame } from './admin-frame.tsx'

export default async function AdminPage() {
  const { ctx } = await adminContext()
  const client = new QueryClient()
  const { items, next_cursor } = await listUsers(ctx, PageQuery.parse({}))
  // A longer list is read page by page in the browser.
  if (next_cursor === null) client.setQueryData(usersQuery.queryKey, items)
  return (
    <AdminFrame page="accounts">
      <HydrationBoundary state={dehydrate(client)}>
        <Accounts />
      </HydrationBoundary>
    </AdminFrame>
  )
}
