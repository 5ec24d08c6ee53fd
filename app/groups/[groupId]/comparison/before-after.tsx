// The page of a comparison: the moment, the sentence, the chart, the addresses, the marks.
'use client'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import { useInUrl } from '../../../_charts/use-in-url.ts'
import { type ComparedMoment, comparisonQuery, writeMoment } from '../../../_data/comparison.ts'
import { useFollow } from '../../../_data/live-hooks.ts'
import { LiveProvider, liveRoads } from '../../../_data/live-provider.tsx'
import { marksQuery } from '../../../_data/marks.ts'
import { useFaultText } from '../../../_data/use-act.ts'
import { MarkList } from '../../../_group/mark-list.tsx'
import { iconButtonLook } from '../../../_ui/button.tsx'
import { cx } from '../../../_ui/class-names.ts'
import { FormFault } from '../../../_ui/field.tsx'
import { ConnectionBadge } from '../../../_wall/connection-badge.tsx'
import { ComparedTargets } from './compared-targets.tsx'
import { MomentBar } from './moment-bar.tsx'
import { OverlayChart } from './overlay-chart.tsx'
import { PlainSentence } from './plain-sentence.tsx'

type BeforeAfterProps = { session: string; group: MyGroup; firstMoment: ComparedMoment }

export function BeforeAfter({ session, ...rest }: BeforeAfterProps) {
  const [roads] = useState(() => liveRoads(session))
  return (
    <LiveProvider roads={roads}>
      <LiveBeforeAfter {...rest} />
    </LiveProvider>
  )
}

// The live connection brings marks that others make.
function LiveBeforeAfter({ group, firstMoment }: Omit<BeforeAfterProps, 'session'>) {
  const t = useTranslations('comparison')
  const faultText = useFaultText()
  const [moment, setMoment] = useInUrl(firstMoment, writeMoment)
  const { data: marks = [] } = useQuery(marksQuery(group.id))
  const { data, error, isPlaceholderData } = useQuery(comparisonQuery(group.id, moment))
  const told = data?.at ? Date.parse(data.at) : undefined
  useFollow(group.id)
  return (
    <div className="flex min-h-dvh flex-col">
      <Bar group={group} />
      <main className="flex flex-1 flex-col gap-3 p-3">
        <MomentBar
          moment={moment}
          atMs={moment.atMs ?? (isPlaceholderData ? undefined : told)}
          marks={marks}
          onMoment={setMoment}
        />
        {error && <FormFault>{faultText(error)}</FormFault>}
        {!data && !error && <p className="py-2 text-13 text-faint">{t('comparing')}</p>}
        {data && (
          <div
            aria-busy={isPlaceholderData}
            className={cx('flex flex-col gap-3', isPlaceholderData && 'stale')}
          >
            <PlainSentence comparison={data} />
            <OverlayChart comparison={data} />
            <ComparedTargets groupId={group.id} comparison={data} />
          </div>
        )}
        <MarkList group={group} marks={marks} />
      </main>
    </div>
  )
}

function Bar({ group }: { group: MyGroup }) {
  const t = useTranslations('comparison')
  const back = t('back', { name: group.name })
  return (
    <header className="sticky top-0 z-30 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-ground px-3 py-1.5">
      <Link
        href={`/groups/${group.id}`}
        aria-label={back}
        title={back}
        className={cx(iconButtonLook, 'size-7')}
      >
        <ArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className="text-14 font-semibold">{t('title')}</h1>
      <span className="truncate text-13 text-faint">{group.name}</span>
      <div className="ml-auto">
        <ConnectionBadge />
      </div>
    </header>
  )
}
