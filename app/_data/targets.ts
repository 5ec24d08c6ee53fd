// Targets in the browser: a group's rows, and every way to change them.
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type AddedTarget,
  AddedTargets,
  type LiveTarget,
  type TargetPatch,
  type TargetState,
} from '#lib/targets/contract.ts'
import { command, request } from './request.ts'

/** Filled by the snapshot of the live connection alone; there is nothing to fetch. */
export const targetsQuery = (groupId: string) =>
  queryOptions<LiveTarget[]>({
    queryKey: ['targets', groupId],
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

const pathOf = (groupId: string) => `/api/groups/${groupId}/targets`

/** Changes a group's rows where they are known, and leaves them in the person's order. */
function setTargets(
  client: QueryClient,
  groupId: string,
  change: (targets: LiveTarget[]) => LiveTarget[],
): void {
  client.setQueryData(targetsQuery(groupId).queryKey, (targets) => targets && change(targets))
}

export const byPosition = (a: LiveTarget, b: LiveTarget) => a.position - b.position || a.n - b.n

export function useAddTargets(groupId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (hosts: string) =>
      request(pathOf(groupId), AddedTargets, { method: 'POST', body: { hosts } }),
    onSuccess: ({ added }) => addOptimistically(client, groupId, added),
  })
}

/** Shows what was added before the live connection tells the rest. */
export function addOptimistically(client: QueryClient, groupId: string, added: AddedTarget[]) {
  client.setQueryData(targetsQuery(groupId).queryKey, (targets = []) => {
    const known = new Set(targets.map(({ id }) => id))
    const last = targets.at(-1)?.position ?? 0
    const fresh = added
      .filter(({ id }) => !known.has(id))
      .map((target, i) => ({ ...NEW_TARGET, ...target, position: last + i + 1 }))
    return [...targets, ...fresh]
  })
}

// Without `running_since` no hole is drawn: only the server knows from when on it measures.
const NEW_TARGET = { state: 'running', stopped_by: null, running_since: null } as const

export function usePatchTarget(groupId: string, targetId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (patch: TargetPatch) =>
      command(`${pathOf(groupId)}/${targetId}`, { method: 'PATCH', body: patch }),
    onMutate: ({ state }) =>
      state && replaceStates(client, groupId, state, ({ id }) => id === targetId),
    // What it became, the live connection tells in order; an answer may come later than newer news.
    onError: (_error, _patch, rollBack) => rollBack?.(),
  })
}

/** Takes the row away at once; it returns if the server refuses. */
export function useRemoveTarget(groupId: string, targetId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => command(`${pathOf(groupId)}/${targetId}`, { method: 'DELETE' }),
    onMutate() {
      const targets = client.getQueryData(targetsQuery(groupId).queryKey)
      const target = targets?.find(({ id }) => id === targetId)
      dropTargets(client, groupId, [targetId])
      return target
    },
    onError: (_error, _variables, target) => target && putTargets(client, groupId, [target]),
  })
}

/** The live connection brings the rows back. */
export function useRestoreTargets(groupId: string) {
  return useMutation({
    mutationFn: (targetIds: string[]) =>
      command(`${pathOf(groupId)}/restore`, { method: 'POST', body: { target_ids: targetIds } }),
  })
}

/** What the server says of some rows, put over what is here. */
export function putTargets(client: QueryClient, groupId: string, changed: LiveTarget[]): void {
  const byId = new Map(changed.map((target) => [target.id, target]))
  setTargets(client, groupId, (targets) =>
    [...targets.filter(({ id }) => !byId.has(id)), ...byId.values()].sort(byPosition),
  )
}

export function dropTargets(client: QueryClient, groupId: string, ids: string[]): void {
  const gone = new Set(ids)
  setTargets(client, groupId, (targets) => targets.filter(({ id }) => !gone.has(id)))
}

export const stopAll = (client: QueryClient, groupId: string) =>
  replaceStates(client, groupId, 'stopped', () => true)

export const startAll = (client: QueryClient, groupId: string) =>
  replaceStates(client, groupId, 'running', () => true)

// Returns its undo, which leaves alone every row that has been told anew in between.
function replaceStates(
  client: QueryClient,
  groupId: string,
  state: TargetState,
  isMeant: (target: LiveTarget) => boolean,
): () => void {
  const before = new Map<LiveTarget, LiveTarget>()
  setTargets(client, groupId, (targets) =>
    targets.map((target) => {
      if (!isMeant(target) || target.state === state) return target
      const stopped_by = state === 'stopped' ? ('person' as const) : null
      const guess = { ...target, state, stopped_by, running_since: null }
      before.set(guess, target)
      return guess
    }),
  )
  return () =>
    setTargets(client, groupId, (targets) => targets.map((target) => before.get(target) ?? target))
}
