// The outages of the window: when, how long, what was met, where the path ended.
'use client'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import type { Outage } from '#lib/samples/contract.ts'
import { type Edges, windowBetween } from '../../../../_charts/time-window.ts'
import { useDuration } from '../../../../_charts/use-age.ts'
import { useTimeZone } from '../../../../_charts/use-time-zone.ts'
import { proofPath, useOutages } from '../../../../_data/history.ts'
import { Button } from '../../../../_ui/button.tsx'
import type { InWindow } from './in-window.ts'

/** Around an outage that is looked at, in parts of its length, and at least. */
const MARGIN = 0.5
const LEAST_MARGIN_MS = 30_000

export function OutageList({ shown, window, nowMs, onWindow }: InWindow) {
  const t = useTranslations('history')
  const { data, hasNextPage, fetchNextPage } = useOutages(shown, window, nowMs)
  const outages = data?.pages.flatMap(({ items }) => items)
  const zone = useTimeZone()
  return (
    <section aria-label={t('outages')} className="rounded-8 border border-line bg-surface">
      <h2 className="border-b border-line px-3 py-2 text-13 font-semibold">{t('outages')}</h2>
      {outages?.length === 0 && <p className="px-3 py-2 text-13 text-faint">{t('noOutage')}</p>}
      <ul className="divide-y divide-line">
        {outages?.map((outage) => (
          <OutageRow
            key={outage.started_at}
            outage={outage}
            nowMs={nowMs}
            proof={proofPath(shown, edgesAround(outage, nowMs), zone)}
            onLook={() => {
              const { fromMs, toMs } = edgesAround(outage, nowMs)
              onWindow(windowBetween(fromMs, toMs, nowMs))
            }}
          />
        ))}
      </ul>
      {hasNextPage && (
        <div className="border-t border-line p-2">
          <Button onClick={() => void fetchNextPage()}>{t('more')}</Button>
        </div>
      )}
    </section>
  )
}

function edgesAround({ started_at, ended_at }: Outage, nowMs: number): Edges {
  const [fromMs, toMs] = [Date.parse(started_at), ended_at ? Date.parse(ended_at) : nowMs]
  const marginMs = Math.max(LEAST_MARGIN_MS, MARGIN * (toMs - fromMs))
  return { fromMs: fromMs - marginMs, toMs: toMs + marginMs }
}

const KINDS = {
  lost: 'lost',
  unreachable: 'unreachable',
  ttl_exceeded: 'ttlExceeded',
  no_such_name: 'noSuchName',
} as const

/** `proof` is where its pack is to be had. */
type OutageRowProps = { outage: Outage; nowMs: number; proof: string; onLook(): void }

function OutageRow({ outage, nowMs, proof, onLook }: OutageRowProps) {
  const t = useTranslations('history')
  const tRow = useTranslations('row')
  const locale = useLocale()
  const { started_at, ended_at, ended_by, kind, error, path } = outage
  const started = Date.parse(started_at)
  const lasted = useDuration((ended_at ? Date.parse(ended_at) : nowMs) - started)
  const writer = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  })
  return (
    <li data-outage={started_at} className="flex flex-col gap-1 px-3 py-2 text-13">
      <div className="figures flex flex-wrap items-baseline gap-x-3">
        <button
          type="button"
          title={t('lookAt')}
          onClick={onLook}
          className="rounded-4 font-medium hover:text-accent"
        >
          {writer.format(started)}
        </button>
        <span className={ended_at ? undefined : 'text-dark'}>
          {t(ended_at ? 'lasted' : 'lasts', { time: lasted })}
        </span>
        {kind && <span className="text-muted">{tRow(KINDS[kind])}</span>}
        {error && (
          <span className="text-muted">
            {t(error.code === null ? 'saidBy' : 'saidByCode', {
              from: error.from,
              code: error.code ?? 0,
            })}
          </span>
        )}
        {ended_by === 'stop' && <span className="text-faint">{t('endedByStop')}</span>}
        <a
          href={proof}
          download
          title={t('proofHint')}
          className="ml-auto rounded-4 px-1 text-12 text-muted hover:text-accent"
        >
          {t('proof')}
        </a>
      </div>
      {path && path.length > 0 && <OutagePath path={path} />}
    </li>
  )
}

function OutagePath({ path }: { path: NonNullable<Outage['path']> }) {
  const t = useTranslations('history')
  const format = useFormatter()
  const last = path.findLast(({ from }) => from !== null)
  return (
    <details className="text-12 text-muted">
      <summary className="cursor-pointer">
        {last ? t('pathEnded', { ttl: last.ttl, from: last.from ?? '' }) : t('pathSilent')}
      </summary>
      <ol className="figures mt-1 font-mono">
        {path.map(({ ttl, from }) => (
          <li key={ttl}>
            {format.number(ttl)} {from ?? '*'}
          </li>
        ))}
      </ol>
    </details>
  )
}
