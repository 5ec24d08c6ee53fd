// The page of a group, composed: the window, the matrix, what it adds up to, each address.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { type TimeWindow, withWindow, writeWindow } from '../../_charts/time-window.ts'
import { useInUrl } from '../../_charts/use-in-url.ts'
import { WindowBar } from '../../_charts/window-bar.tsx'
import { useBeat, useFollow, useLiveStatus } from '../../_data/live-hooks.ts'
import { LiveProvider, liveRoads, useLive } from '../../_data/live-provider.tsx'
import { rateFilePath, rateWindowOf } from '../../_data/rates.ts'
import { targetsQuery } from '../../_data/targets.ts'
import { type RateOrder, writeOrder } from '../../_group/rate-order.ts'
import { WindowFigures } from '../../_group/window-figures.tsx'
import { StorageBanner } from '../../_wall/storage-banner.tsx'
import { GroupBar } from './group-bar.tsx'
import { MatrixPanel } from './matrix-panel.tsx'
import { RatePanel } from './rate-panel.tsx'
import { useGroupRows } from './use-group-rows.ts'

type GroupHistoryProps = {
  session: string
  group: MyGroup
  firstWindow: TimeWindow
  firstOrder: RateOrder
  /** What of the addresses is searched for. */
  firstQuery: string
  /** The server's time when it made the page. */
  madeMs: number
}

export function GroupHistory({ session, ...rest }: GroupHistoryProps) {
  const [roads] = useState(() => liveRoads(session))
  return (
    <LiveProvider roads={roads}>
      <LiveGroupHistory {...rest} />
    </LiveProvider>
  )
}

const BEAT_MS = 1_000
const writeQuery = (query: string) => ({ q: query === '' ? null : query })

function LiveGroupHistory(props: Omit<GroupHistoryProps, 'session'>) {
  const { group, madeMs } = props
  const t = useTranslations('history')
  const nowMs = useLive()?.connection.nowMs() ?? madeMs
  const { isStale } = useLiveStatus()
  const [window, setWindow] = useInUrl(props.firstWindow, writeWindow)
  const [order, setOrder] = useInUrl(props.firstOrder, writeOrder)
  const [query, setQuery] = useInUrl(props.firstQuery, writeQuery)
  useBeat(BEAT_MS)
  useLiveGroup(group)
  const rows = useGroupRows({ group, window, nowMs, order, query })
  const pathOf = (targetId: string, shown = window) =>
    withWindow(`/groups/${group.id}/targets/${targetId}`, shown)
  const inWindow = { window, nowMs, onWindow: setWindow }
  const file = rateFilePath(group.id, rateWindowOf(window))
  return (
    <div data-stale={isStale} className="group/wall flex min-h-dvh flex-col">
      <GroupBar group={group} />
      <main className="flex flex-1 flex-col gap-3 p-3 group-data-[stale=true]/wall:stale">
        <WindowBar {...inWindow} files={[{ kind: 'csv', href: file, title: t('downloadTable') }]} />
        <MatrixPanel {...inWindow} {...rows} pathOf={pathOf} />
        <WindowFigures groupId={group.id} window={window} />
        <RatePanel
          {...rows}
          order={order}
          onOrder={setOrder}
          query={query}
          onQuery={setQuery}
          pathOf={pathOf}
        />
      </main>
      <StorageBanner isAdmin={false} />
    </div>
  )
}

const noTargets: LiveTarget[] = []

// The standings of its bar, and the age of its newest result.
function useLiveGroup(group: MyGroup): void {
  const live = useLive()
  const { data: targets = noTargets } = useQuery(targetsQuery(group.id))
  useFollow(group.id)
  useEffect(() => live?.vitals.set(group, targets), [live, group, targets])
  useEffect(() => () => live?.vitals.remove(group.id), [live, group.id])
}
