// Shows the success rate that was asked for: not in its card, which a filter may take away.
'use client'
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { cardsQuery } from '../_data/groups.ts'
import { rateRequests } from '../_group/rate-request.ts'
import { createPart } from '../_ui/later.tsx'

const RateDialog = createPart(() => import('../_group/rate-dialog.tsx'), 'RateDialog')

export function RateRequests() {
  const client = useQueryClient()
  const [groupId, setGroupId] = useState<string>()
  useEffect(() => rateRequests.take((request) => setGroupId(request.groupId)), [])
  const cards = client.getQueryData(cardsQuery.queryKey) ?? []
  const group = cards.find(({ id }) => id === groupId)
  if (!group) return null
  return (
    <Suspense>
      <RateDialog.Part group={group} onClose={() => setGroupId(undefined)} />
    </Suspense>
  )
}
