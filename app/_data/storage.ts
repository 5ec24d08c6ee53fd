// The use of the store in the browser, as administrators see it.
import { queryOptions } from '@tanstack/react-query'
import { StorageUse } from '#lib/samples/storage-contract.ts'
import { request } from './request.ts'

const EVERY_MS = 30_000

export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: ({ signal }) => request('/api/settings/storage', StorageUse, { signal }),
  refetchInterval: EVERY_MS,
})
