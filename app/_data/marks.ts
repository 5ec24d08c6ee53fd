// Marks in the browser: those of a group.
import { queryOptions } from '@tanstack/react-query'
import { Marks } from '#lib/marks/contract.ts'
import { request } from './request.ts'

const pathOf = (groupId: string) => `/api/groups/${groupId}/marks`

/** The latest first. The live connection says when they are to be read again. */
export const marksQuery = (groupId: string) =>
  queryOptions({
    queryKey: ['marks', groupId],
    queryFn: async ({ signal }) => (await request(pathOf(groupId), Marks, { signal })).items,
  })
