// The keys of the wall.
'use client'
import { useTranslations } from 'next-intl'
import { Dialog } from '../_ui/dialog.tsx'

const KEYS = [
  { keys: 'Ctrl V', does: 'paste' },
  { keys: 'N', does: 'new' },
  { keys: '/', does: 'search' },
  { keys: 'T', does: 'travel' },
  { keys: '← →', does: 'step' },
  { keys: '[ ]', does: 'jump' },
  { keys: 'Space', does: 'play' },
  { keys: 'L', does: 'live' },
  { keys: '?', does: 'list' },
  { keys: 'Esc', does: 'close' },
] as const

export function KeysDialog({ onClose }: { onClose(): void }) {
  const t = useTranslations('keys')
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-3 text-13">
        {KEYS.map(({ keys, does }) => (
          <div key={does} className="contents">
            <dt>
              <kbd className="rounded-4 border border-line-strong bg-ground px-2 py-0.5 font-mono text-12">
                {keys}
              </kbd>
            </dt>
            <dd className="text-muted">{t(does)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
