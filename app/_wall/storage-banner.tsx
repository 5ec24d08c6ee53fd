// Says to everybody that results are not stored for want of room, and warns administrators.
'use client'
import { HardDrive } from 'lucide-react'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useStorageNotice } from '../_data/live-hooks.ts'

type StorageBannerProps = {
  /** For those who can do something about it: a word of warning too, and where to look. */
  isAdmin: boolean
}

export function StorageBanner({ isAdmin }: StorageBannerProps) {
  const { level, since } = useStorageNotice()
  const isShown = level === 'full' || (level === 'low' && isAdmin)
  return (
    <div role="status" className="sticky bottom-0 z-20">
      {isShown && <StorageWords level={level} since={since} isAdmin={isAdmin} />}
    </div>
  )
}

type StorageWordsProps = StorageBannerProps & { level: 'low' | 'full'; since: string | undefined }

function StorageWords({ level, since, isAdmin }: StorageWordsProps) {
  const t = useTranslations('storage')
  const time = useMoment(since)
  return (
    <p className="figures flex flex-wrap items-center justify-center gap-x-3 gap-y-1 border-t border-line-strong bg-raised px-4 py-2 text-14">
      <span className="font-medium">
        <HardDrive size={16} aria-hidden className="mr-2 inline align-[-3px] text-lossy" />
        {t(`banner.${level}`, { time })}
      </span>
      {level === 'full' && <span className="text-muted">{t('banner.meanwhile')}</span>}
      {isAdmin && (
        <Link href="/admin/storage" className="text-accent hover:underline">
          {t('banner.look')}
        </Link>
      )}
    </p>
  )
}

function useMoment(since: string | undefined): string {
  const locale = useLocale()
  const options = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const
  return since === undefined ? '' : new Intl.DateTimeFormat(locale, options).format(new Date(since))
}
