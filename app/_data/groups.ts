// Groups in the browser: the cards of my wall, and every way to change a group.
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { CreatedGroup, MyGroup, type NewGroup } from '#lib/groups/contract.ts'
import { command, request } from './request.ts'
import { addOptimistically, startAll, stopAll } from './targets.ts'

const Cards = z.object({ items: z.array(MyGroup) })

/** The groups on my wall, in my order. The live connection keeps it fresh. */
export const cardsQuery = queryOptions({
  queryKey: ['cards'],
  queryFn: async ({ signal }) => (await request('/api/cards', Cards, { signal })).items,
})

const pathOf = (groupId: string) => `/api/groups/${groupId}`

export function setCards(client: QueryClient, change: (cards: MyGroup[]) => MyGroup[]): void {
  client.setQueryData(cardsQuery.queryKey, (cards) => cards && change(cards))
}

/** Makes a group and adds its first addresses in one request; repeating it changes nothing. */
export function useCreateGroup() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (group: NewGroup) =>
      request('/api/groups', CreatedGroup, { method: 'POST', body: group }),
    onSuccess({ added, skipped, stream, ...group }) {
      addOptimistically(client, group.id, added)
      setCards(client, (cards) => [...cards.filter(({ id }) => id !== group.id), group])
    },
  })
}

export function useRenameGroup(groupId: string) {
  const client = useQueryClient()
  const write = (name: string) =>
    setCards(client, (cards) => cards.map((c) => (c.id === groupId ? { ...c, name } : c)))
  return useMutation({
    mutationFn: (name: string) =>
      request(pathOf(groupId), MyGroup, { method: 'PATCH', body: { name } }),
    onMutate(name) {
      const before = client.getQueryData(cardsQuery.queryKey)?.find(({ id }) => id === groupId)
      write(name)
      return { before: before?.name }
    },
    onError: (_error, _name, context) => context?.before !== undefined && write(context.before),
  })
}

/** Takes the card away at once; it returns to its place if the server refuses. */
export function useDeleteGroup(groupId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => command(pathOf(groupId), { method: 'DELETE' }),
    onMutate() {
      const cards = client.getQueryData(cardsQuery.queryKey) ?? []
      const place = cards.findIndex(({ id }) => id === groupId)
      const card = cards[place]
      setCards(client, (now) => now.filter(({ id }) => id !== groupId))
      return { card, place }
    },
    onError(_error, _variables, context) {
      const card = context?.card
      if (!card) return
      setCards(client, (now) => now.toSpliced(context.place, 0, card))
    },
  })
}

export function useRestoreGroup(groupId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => command(`${pathOf(groupId)}/restore`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries(cardsQuery),
  })
}

/** Starts or stops every address of the group. */
export function useSwitchGroup(groupId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (to: 'start' | 'stop') => command(`${pathOf(groupId)}/${to}`, { method: 'POST' }),
    onMutate: (to) => (to === 'start' ? startAll(client, groupId) : stopAll(client, groupId)),
    onError: (_error, _to, rollBack) => rollBack?.(),
  })
}
