// What is below is shown as it was: it reads the past in place of the present.
'use client'
import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { GivenLive } from '../_data/live-provider.tsx'
import type { Travel } from '../_data/travel.ts'

export function PastScene({ travel, children }: { travel: Travel; children: ReactNode }) {
  return (
    <QueryClientProvider client={travel.client}>
      <GivenLive live={travel.live}>{children}</GivenLive>
      <div aria-hidden className="pointer-events-none fixed inset-0 z-30 border-3 border-past" />
    </QueryClientProvider>
  )
}
