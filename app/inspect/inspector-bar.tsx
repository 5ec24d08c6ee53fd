// Above the inspector: the way back, the choice of transport, the guide.
'use client'
import { ArrowLeft, BookOpen } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Segments } from '../_ui/segments.tsx'
import { ConnectionBadge } from '../_wall/connection-badge.tsx'
import { ROAD_CHOICES, type RoadChoice } from './road-choice.ts'

type InspectorBarProps = { choice: RoadChoice; onChoose(next: RoadChoice): void }

const linkLook =
  'inline-flex h-7 items-center gap-2 rounded-4 px-1.5 text-13 text-muted hover:bg-raised hover:text-text'

export function InspectorBar({ choice, onChoose }: InspectorBarProps) {
  const t = useTranslations('inspect')
  return (
    <header className="sticky top-0 z-30 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-ground px-3 py-1.5">
      <Link href="/" aria-label={t('back')} title={t('back')} className={linkLook}>
        <ArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className="text-14 font-semibold">{t('title')}</h1>
      <ConnectionBadge />
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <Segments
          label={t('road')}
          options={ROAD_CHOICES.map((road) => ({ value: road, label: t(road) }))}
          chosen={choice}
          onChoose={onChoose}
        />
        <a href="/inspect/guide" target="_blank" rel="noreferrer" className={linkLook}>
          <BookOpen size={15} aria-hidden />
          <span className="max-md:sr-only">{t('guide')}</span>
        </a>
      </div>
    </header>
  )
}
