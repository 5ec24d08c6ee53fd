// What a pasted list means: how many addresses, and what is skipped and why.
'use client'
import { useTranslations } from 'next-intl'
import type { Skipped } from '#lib/targets/contract.ts'
import type { ListedTarget } from '#lib/targets/list.ts'

const SHOWN = 5

type ListPreviewProps = { targets: ListedTarget[]; skipped: Skipped[] }

export function ListPreview({ targets, skipped }: ListPreviewProps) {
  const t = useTranslations('paste')
  return (
    <div className="flex min-h-10 flex-col gap-1 text-13" aria-live="polite">
      <p>
        <span className="figures font-medium">{t('found', { count: targets.length })}</span>
        {skipped.length > 0 && (
          <span className="figures ml-3 text-lossy">{t('skipped', { count: skipped.length })}</span>
        )}
      </p>
      {skipped.length > 0 ? (
        <ul className="text-12 text-muted">
          {withKeys(skipped.slice(0, SHOWN)).map(({ key, input, reason }) => (
            <li key={key} className="truncate">
              <code className="text-text">{input}</code> {reason}
            </li>
          ))}
          <More count={skipped.length - SHOWN} />
        </ul>
      ) : (
        <p className="truncate text-12 text-muted">
          {targets
            .slice(0, SHOWN)
            .map(({ host, label }) => (label ? `${label} ${host}` : host))
            .join(' · ')}{' '}
          {targets.length > SHOWN && t('more', { count: targets.length - SHOWN })}
        </p>
      )}
    </div>
  )
}

function More({ count }: { count: number }) {
  const t = useTranslations('paste')
  return count > 0 ? <li>{t('more', { count })}</li> : null
}

// The same piece may stand in a list twice.
function withKeys(skipped: Skipped[]) {
  return skipped.map((piece, place) => ({ ...piece, key: `${place} ${piece.input}` }))
}
