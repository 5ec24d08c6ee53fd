// The store, for administrators: what it takes, how long that lasts, what could go.
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { readStorageUse } from '#lib/samples/storage-use.ts'
import { storageQuery } from '../../_data/storage.ts'
import { adminContext } from '../../page-context.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { Storage } from './storage.tsx'

export default async function StoragePage() {
  const { ctx } = await adminContext()
  const client = new QueryClient()
  client.setQueryData(storageQuery.queryKey, await readStorageUse(ctx, {}))
  return (
    <AdminFrame page="storage">
      <HydrationBoundary state={dehydrate(client)}>
        <Storage />
      </HydrationBoundary>
    </AdminFrame>
  )
}
