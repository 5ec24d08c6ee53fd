// Shows the success rate that was asked for: not in its card, which a filter may take away.
'use client'
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import { windowMs } from '../_data/card-vitals.ts'
import { cardsQuery } from '../_data/groups.ts'
import { type Live, useLive } from '../_data/live-provider.tsx'
import type { AskedWindow } from '../_data/rates.ts'
import { rateRequests } from '../_group/rate-request.ts'
import { createPart } from '../_ui/later.tsx'

const RateDialog = createPart(() => import('../_group/rate-dialog.tsx'), 'RateDialog')

export function RateRequests() {
  const client = useQueryClient()
  const live = useLive()
  const [groupId, setGroupId] = useState<string>()
  useEffect(() => rateRequests.take((request) => setGroupId(request.groupId)), [])
  const cards = client.getQueryData(cardsQuery.queryKey) ?? []
  const group = cards.find(({ id }) => id === groupId)
  if (!group) return null
  return (
    <Suspense>
      <RateDialog.Part
        group={group}
        first={windowOfThen(live, group)}
        onClose={() => setGroupId(undefined)}
      />
    </Suspense>
  )
}

// In the past the window is that of the figure on the card, not one that ends now.
function windowOfThen(live: Live | undefined, { parameters }: MyGroup): AskedWindow | undefined {
  if (!live?.isPast) return undefined
  const spanMs = windowMs(parameters)
  const floor = new Date(live.connection.nowMs() - spanMs).toISOString()
  return { seconds: Math.ceil(spanMs / 1_000), floor }
}
