// How much the store takes, and what another retention would free; for administrators.
import { methods, route } from '#lib/http/route.ts'
import { StorageQuery } from '#lib/samples/storage-contract.ts'
import { readStorageUse } from '#lib/samples/storage-use.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(StorageQuery, readStorageUse),
})
