// Stop, start and remove one address; they appear over the name and never move anything.
'use client'
import { Pause, Play, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { usePatchTarget, useRemoveTarget, useRestoreTargets } from '../_data/targets.ts'
import { useAct } from '../_data/use-act.ts'
import { IconButton } from '../_ui/button.tsx'
import { showToast } from '../_ui/toast.ts'

export function RowActions({ groupId, target }: { groupId: string; target: LiveTarget }) {
  const t = useTranslations()
  const { id, host } = target
  const act = useAct()
  const patch = usePatchTarget(groupId, id)
  const remove = useRemoveTarget(groupId, id)
  const restore = useRestoreTargets(groupId)
  const isRunning = target.state === 'running'
  const turn = isRunning ? t('row.stop', { host }) : t('row.start', { host })

  async function takeAway(): Promise<void> {
    const isGone = await act(t('row.remove', { host }), () => remove.mutateAsync())
    if (!isGone) return
    const run = () => void act(t('undo'), () => restore.mutateAsync([id]))
    showToast({ text: t('row.removed', { host }), undo: { label: t('undo'), run } })
  }

  return (
    <span className="absolute right-0 z-10 flex rounded-4 bg-raised opacity-0 group-hover/row:opacity-100 focus-within:opacity-100 [@media(hover:none)]:opacity-100">
      <IconButton
        icon={isRunning ? Pause : Play}
        label={turn}
        size={14}
        className="size-5.5"
        onClick={() =>
          void act(turn, () => patch.mutateAsync({ state: isRunning ? 'stopped' : 'running' }))
        }
      />
      <IconButton
        icon={X}
        label={t('row.remove', { host })}
        size={14}
        className="size-5.5"
        onClick={() => void takeAway()}
      />
    </span>
  )
}
