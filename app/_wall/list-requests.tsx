// Opens the list dialog for what is pasted, dropped or asked for anywhere on the wall.
'use client'
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { cardsQuery } from '../_data/groups.ts'
import { type ListRequest, listRequests } from '../_group/list-request.ts'
import { createPart } from '../_ui/later.tsx'
import { listenForLists } from './paste-anywhere.ts'

const ListDialog = createPart(() => import('../_group/list-dialog.tsx'), 'ListDialog')

export function ListRequests() {
  const client = useQueryClient()
  const [request, setRequest] = useState<ListRequest>()
  useEffect(() => {
    const forget = [listRequests.take(setRequest), listenForLists(setRequest)]
    return () => {
      for (const undo of forget) undo()
    }
  }, [])
  if (!request) return null
  const cards = client.getQueryData(cardsQuery.queryKey) ?? []
  const group = cards.find(({ id, role }) => id === request.groupId && role !== 'viewer')
  return (
    <Suspense>
      <ListDialog.Part text={request.text} group={group} onClose={() => setRequest(undefined)} />
    </Suspense>
  )
}
