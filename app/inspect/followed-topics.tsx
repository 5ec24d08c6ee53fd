// What the connection follows: each topic with its state, its cursor and its events.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { groupIdOfTopic } from '#lib/live/protocol.ts'
import { NOTHING } from '../_charts/figures.ts'
import { cardsQuery } from '../_data/groups.ts'
import type { LiveRecord } from '../_data/live-record.ts'
import type { FollowedTopic } from '../_data/recorded-topics.ts'
import { cx } from '../_ui/class-names.ts'
import { Panel } from './panel.tsx'
import { useRecord } from './use-record.ts'

export function FollowedTopics({ record }: { record: LiveRecord }) {
  const t = useTranslations('inspect')
  useRecord(record)
  const topics = record.topics()
  return (
    <Panel
      title={t('topics')}
      aside={<span className="figures text-12 text-muted">{topics.length}</span>}
    >
      {topics.length === 0 ? (
        <p className="px-3 py-2 text-13 text-muted">{t('nothingFollowed')}</p>
      ) : (
        <table className="w-full table-fixed text-left text-12">
          <thead className="text-faint">
            <tr>
              <th className="px-3 py-1 font-normal">{t('topic')}</th>
              <th className="w-18 py-1 font-normal">{t('state')}</th>
              <th className="w-26 py-1 font-normal">{t('cursor')}</th>
              <th className="w-16 py-1 pr-3 text-right font-normal">{t('eventCount')}</th>
            </tr>
          </thead>
          <tbody>
            {topics.map((followed) => (
              <TopicRow key={followed.topic} followed={followed} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function TopicRow({ followed }: { followed: FollowedTopic }) {
  const t = useTranslations('inspect')
  const { data: cards = [] } = useQuery(cardsQuery)
  const { topic, state, cursor, events } = followed
  const name = cards.find(({ id }) => id === groupIdOfTopic(topic))?.name
  return (
    <tr data-topic={topic} data-state={state} className="border-t border-line align-baseline">
      <th scope="row" className="px-3 py-1 font-normal" title={topic}>
        <span className="block truncate text-13">{name ?? topic}</span>
        {name !== undefined && <span className="block truncate font-mono text-faint">{topic}</span>}
      </th>
      <td className={cx('py-1', state === 'live' ? 'text-answering' : 'text-slow')}>{t(state)}</td>
      <td className="figures py-1 text-muted" title={cursor}>
        {cursor?.slice(11, 23) ?? NOTHING}
      </td>
      <td className="figures py-1 pr-3 text-right">{events}</td>
    </tr>
  )
}
