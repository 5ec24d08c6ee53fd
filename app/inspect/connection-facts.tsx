// What the browser knows of the connection's transport, read twice a second.
'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { NOTHING, roundTrip } from '../_charts/figures.ts'
import { useAge } from '../_charts/use-age.ts'
import { useBeat, useLiveStatus } from '../_data/live-hooks.ts'
import type { LiveRecord } from '../_data/live-record.ts'
import { CloseMeaning } from './close-meaning.tsx'
import { Panel } from './panel.tsx'
import { roadFacts } from './road-facts.ts'
import { useRecord } from './use-record.ts'

export function ConnectionFacts({ record }: { record: LiveRecord }) {
  const t = useTranslations('inspect')
  const words = useTranslations('connection')
  useRecord(record)
  useBeat(500)
  const { transport, isStale } = useLiveStatus()
  const facts = roadFacts(record)
  const absent = (value: string | undefined) =>
    value ?? <span className="font-sans text-13 text-faint">{t('notHere')}</span>
  return (
    <Panel title={t('facts')}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 px-3 py-2 text-13">
        <Fact name={t('road')} of="transport">
          {words(transport)}
          {isStale && <span className="text-slow"> · {t('stale')}</span>}
        </Fact>
        <Fact name={t('url')} of="url" isMono>
          {facts.url ?? NOTHING}
        </Fact>
        <Fact name={t('connection')} of="connection" isMono>
          {facts.connection ?? NOTHING}
        </Fact>
        <Fact name={t('subprotocol')} of="subprotocol" isMono>
          {absent(facts.subprotocol)}
        </Fact>
        <Fact name={t('extensions')} of="extensions">
          {facts.extensions === '' ? t('noExtensions') : absent(facts.extensions)}
        </Fact>
        <Fact name={t('binaryType')} of="binary-type" isMono>
          {absent(facts.binaryType)}
        </Fact>
        <Fact name={t('readyState')} of="ready-state" isMono>
          {absent(facts.readyState)}
        </Fact>
        <Fact name={t('sharing')} of="sharing">
          {facts.sharing === undefined
            ? absent(undefined)
            : t(facts.sharing.isHolder ? 'sharingHolder' : 'sharingGuest', {
                count: facts.sharing.tabs,
              })}
        </Fact>
        <Fact name={t('bufferedAmount')} of="buffered-amount">
          {facts.bufferedAmount === undefined
            ? absent(undefined)
            : t('bytes', { count: facts.bufferedAmount })}
        </Fact>
        <Fact name={t('roundTrip')} of="round-trip">
          {transport === 'polling' ? absent(undefined) : <RoundTrip record={record} />}
        </Fact>
        <Fact name={t('heartbeat')} of="heartbeat">
          <Heartbeat seconds={facts.heartbeatSeconds} lastMs={facts.lastPingMs} />
        </Fact>
        <Fact name={t('lastClose')} of="last-close">
          {facts.lastClose === undefined ? NOTHING : <CloseMeaning text={facts.lastClose} />}
        </Fact>
      </dl>
      {transport === 'polling' && (
        <p className="border-t border-line px-3 py-2 text-12 text-muted">{t('pollingNote')}</p>
      )}
    </Panel>
  )
}

type FactProps = { name: string; of: string; isMono?: boolean; children: ReactNode }

function Fact({ name, of, isMono = false, children }: FactProps) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd
        data-fact={of}
        className={isMono ? 'min-w-0 font-mono text-12 break-all' : 'figures min-w-0'}
      >
        {children}
      </dd>
    </>
  )
}

function RoundTrip({ record }: { record: LiveRecord }) {
  const t = useTranslations('inspect')
  const times = record.roundTripsMs()
  const [last] = times
  if (last === undefined) return NOTHING
  const write = (ms: number) => {
    const { value, unit } = roundTrip(ms * 1000)
    return `${value} ${unit}`
  }
  const facts = { last: write(last), least: write(Math.min(...times)), count: times.length }
  return <span title={t('roundTripTitle')}>{t('roundTripFacts', facts)}</span>
}

type HeartbeatProps = { seconds: number | undefined; lastMs: number | undefined }

function Heartbeat({ seconds, lastMs }: HeartbeatProps) {
  const t = useTranslations('inspect')
  const age = useAge(lastMs === undefined ? 0 : Date.now() - lastMs, 'narrow')
  if (seconds === undefined) return NOTHING
  if (lastMs === undefined) return t('heartbeatNone', { seconds })
  return t('heartbeatFacts', { seconds, age })
}
