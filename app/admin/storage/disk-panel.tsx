// How full the disk is, how much of it is ours, and when results will no longer be stored.
'use client'
import { useTranslations } from 'next-intl'
import type { StorageUse } from '#lib/samples/storage-contract.ts'
import { resumesAt } from '#lib/samples/storage-level.ts'
import { cx } from '../../_ui/class-names.ts'
import { fullBytes, roomOf } from './room-of.ts'
import { sizeText } from './size-text.ts'

/** Full is no outage: red stays for what is dark. */
const LEVEL_LOOKS = { ok: 'text-muted', low: 'text-slow', full: 'text-lossy' }

export function DiskPanel({ use }: { use: StorageUse }) {
  const t = useTranslations('storage')
  const room = roomOf(use)
  return (
    <section className="flex flex-col gap-3 rounded-8 border border-line bg-surface p-4">
      <h2 className="text-14 font-semibold">{t(room ? room.kind : 'unseen')}</h2>
      {room ? <RoomBar {...room} /> : <p className="text-13 text-muted">{t('unseenHint')}</p>}
      <p data-level={use.level} className={cx('text-13', LEVEL_LOOKS[use.level])}>
        {t(`level.${use.level}`)}{' '}
        {room && (
          <span className="text-muted">
            {t(`${use.level === 'full' ? 'resumes' : 'stops'}.${room.kind}`, sizesOf(use, room))}
          </span>
        )}
      </p>
      <Forecast use={use} />
    </section>
  )
}

type Room = NonNullable<ReturnType<typeof roomOf>>

function RoomBar(room: Room) {
  const t = useTranslations('storage')
  const { ownBytes, otherBytes, freeBytes, totalBytes } = room
  const parts = [
    { name: 'own', bytes: ownBytes, look: 'bg-accent' },
    { name: 'other', bytes: otherBytes, look: 'bg-quiet' },
    { name: 'free', bytes: freeBytes, look: 'bg-raised' },
  ] as const
  return (
    <div className="flex flex-col gap-2">
      <div aria-hidden className="flex h-3 overflow-hidden rounded-4 border border-line">
        {parts.map(({ name, bytes, look }) => (
          <div key={name} className={look} style={{ width: `${(100 * bytes) / totalBytes}%` }} />
        ))}
      </div>
      <dl className="figures flex flex-wrap gap-x-6 gap-y-1 text-13">
        {parts.map(({ name, bytes, look }) =>
          bytes > 0 || name !== 'other' ? (
            <div key={name} className="flex items-center gap-2">
              <span aria-hidden className={cx('size-2.5 rounded-4 border border-line', look)} />
              <dt className="text-muted">{t(`part.${name}`)}</dt>
              <dd>{sizeText(bytes)}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </div>
  )
}

// What the set retentions lead to at the present load, as far as that is known.
function Forecast({ use }: { use: StorageUse }) {
  const t = useTranslations('storage')
  const full = fullBytes(use)
  if (full === null) return <p className="text-13 text-faint">{t('forecast.none')}</p>
  const room = roomOf(use)
  const isTooMuch = room !== undefined && full > room.ownBytes + room.freeBytes - room.reserveBytes
  const sizes = { now: sizeText(use.database_bytes), full: sizeText(full) }
  return (
    <p className={cx('figures text-13', isTooMuch ? 'text-slow' : 'text-muted')}>
      {t(isTooMuch ? 'forecast.tooMuch' : 'forecast.fits', sizes)}
    </p>
  )
}

function sizesOf({ limit_bytes }: StorageUse, { reserveBytes }: Room) {
  return {
    reserve: sizeText(reserveBytes),
    resume: sizeText(resumesAt(reserveBytes)),
    limit: sizeText(limit_bytes),
  }
}
