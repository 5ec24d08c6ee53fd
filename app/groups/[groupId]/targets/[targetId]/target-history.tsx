// The page of one address, composed: how it stands, the window, the chart, the figures.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useState } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { Mark } from '#lib/marks/contract.ts'
import { MOST_PROOF_DAYS } from '#lib/proof/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import {
  type Edges,
  edgesOf,
  type TimeWindow,
  writeWindow,
} from '../../../../_charts/time-window.ts'
import { useInUrl } from '../../../../_charts/use-in-url.ts'
import { useTimeZone } from '../../../../_charts/use-time-zone.ts'
import { WindowBar, type WindowFile } from '../../../../_charts/window-bar.tsx'
import { exportPath, proofPath, type ShownTarget } from '../../../../_data/history.ts'
import { useBeat, useFollow, useLiveStatus } from '../../../../_data/live-hooks.ts'
import { LiveProvider, liveRoads, useLive } from '../../../../_data/live-provider.tsx'
import { marksQuery } from '../../../../_data/marks.ts'
import { targetsQuery } from '../../../../_data/targets.ts'
import { MarkList } from '../../../../_group/mark-list.tsx'
import { WindowFigures } from '../../../../_group/window-figures.tsx'
import { StorageBanner } from '../../../../_wall/storage-banner.tsx'
import { HistoryPanel } from './history-panel.tsx'
import { writeOthers } from './others.ts'
import { OutageList } from './outage-list.tsx'
import { TargetBar } from './target-bar.tsx'
import { WeekMap } from './week-map.tsx'

type TargetHistoryProps = {
  session: string
  group: MyGroup
  target: LiveTarget
  firstWindow: TimeWindow
  /** The ids of those that are compared. */
  firstOthers: string[]
  /** The server's time when it made the page. */
  madeMs: number
}

export function TargetHistory({ session, ...rest }: TargetHistoryProps) {
  const [roads] = useState(() => liveRoads(session))
  return (
    <LiveProvider roads={roads}>
      <LiveTargetHistory {...rest} />
    </LiveProvider>
  )
}

const BEAT_MS = 1_000
const DAY_MS = 86_400_000
const noMarks: Mark[] = []

function LiveTargetHistory(props: Omit<TargetHistoryProps, 'session'>) {
  const { group, target, firstWindow, firstOthers, madeMs } = props
  const live = useLive()
  const { isStale } = useLiveStatus()
  const [window, setWindow] = useInUrl(firstWindow, writeWindow)
  const [otherIds, setOtherIds] = useInUrl(firstOthers, writeOthers)
  const { data: targets } = useQuery(targetsQuery(group.id))
  const { data: marks = noMarks } = useQuery(marksQuery(group.id))
  const others = useMemo(
    () => otherIds.flatMap((id) => targets?.find((other) => other.id === id) ?? []),
    [otherIds, targets],
  )
  useFollow(group.id)
  useBeat(BEAT_MS)
  useEffect(() => {
    live?.vitals.set(group, [target])
    return () => live?.vitals.remove(group.id)
  }, [live, group, target])
  const nowMs = live?.connection.nowMs() ?? madeMs
  const shown = useMemo(
    () => ({
      groupId: group.id,
      targetId: target.id,
      n: target.n,
      intervalMs: group.parameters.interval_ms,
    }),
    [group, target],
  )
  const files = useFiles(shown, window, nowMs)
  const inWindow = { shown, window, nowMs, onWindow: setWindow }
  return (
    <div data-stale={isStale} className="group/wall flex min-h-dvh flex-col">
      <TargetBar group={group} target={target} window={window} />
      <main className="flex flex-1 flex-col gap-3 p-3 group-data-[stale=true]/wall:stale">
        <WindowBar {...inWindow} files={files} />
        <HistoryPanel {...inWindow} others={others} marks={marks} onOthers={setOtherIds} />
        <WindowFigures groupId={group.id} targetId={target.id} window={window} />
        <OutageList {...inWindow} />
        <MarkList group={group} marks={marksWithin(marks, edgesOf(window, nowMs))} />
        <WeekMap shown={shown} />
      </main>
      <StorageBanner isAdmin={false} />
    </div>
  )
}

function marksWithin(marks: readonly Mark[], { fromMs, toMs }: Edges): Mark[] {
  return marks.filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < toMs)
}

function useFiles(shown: ShownTarget, window: TimeWindow, nowMs: number): WindowFile[] {
  const t = useTranslations('history')
  const zone = useTimeZone()
  const edges = edgesOf(window, nowMs)
  const files: WindowFile[] = (['csv', 'json'] as const).map((kind) => ({
    kind,
    href: exportPath(shown, edges, kind),
    title: t('download', { kind: t(kind) }),
  }))
  if (window.spanMs > MOST_PROOF_DAYS * DAY_MS) return files
  return [...files, { kind: 'proof', href: proofPath(shown, edges, zone), title: t('proofHint') }]
}
