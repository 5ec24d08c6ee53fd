// Marks in the browser: those of a group, how one is made, taken away and brought back.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { Mark, Marks, type NewMark } from '#lib/marks/contract.ts'
import { command, request } from './request.ts'

const pathOf = (groupId: string) => `/api/groups/${groupId}/marks`

/** The latest first. The live connection says when they are to be read again. */
export const marksQuery = (groupId: string) =>
  queryOptions({
    queryKey: ['marks', groupId],
    queryFn: async ({ signal }) => (await request(pathOf(groupId), Marks, { signal })).items,
  })

export function useMakeMark(groupId: string) {
  const refresh = useRefresh(groupId)
  return useMutation({
    mutationFn: (mark: { at: string } & Pick<NewMark, 'id' | 'text'>) =>
      request(pathOf(groupId), Mark, { method: 'POST', body: mark }),
    onSuccess: refresh,
  })
}

export function useRemoveMark(groupId: string) {
  const refresh = useRefresh(groupId)
  return useMutation({
    mutationFn: (markId: string) => command(`${pathOf(groupId)}/${markId}`, { method: 'DELETE' }),
    onSuccess: refresh,
  })
}

export function useRestoreMark(groupId: string) {
  const refresh = useRefresh(groupId)
  return useMutation({
    mutationFn: (markId: string) =>
      command(`${pathOf(groupId)}/restore`, { method: 'POST', body: { mark_ids: [markId] } }),
    onSuccess: refresh,
  })
}

function useRefresh(groupId: string): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries(marksQuery(groupId))
}
