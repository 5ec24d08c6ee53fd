// What one can do with a group: the frequent at hand on hover, all of it in the menu.
'use client'
import {
  ChartNoAxesGantt,
  Ellipsis,
  Pause,
  Pencil,
  Percent,
  Play,
  Plus,
  Trash2,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { MyGroup } from '#lib/groups/contract.ts'
import { useDeleteGroup, useRestoreGroup, useSwitchGroup } from '../_data/groups.ts'
import { useIsPast, useVital } from '../_data/live-hooks.ts'
import { useAct } from '../_data/use-act.ts'
import { IconButton, iconButtonLook } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { Menu, type MenuEntry } from '../_ui/menu.tsx'
import { showToast } from '../_ui/toast.ts'
import { askForList } from './list-request.ts'
import { askForRate } from './rate-request.ts'

export function CardActions({ group, onRename }: { group: MyGroup; onRename(): void }) {
  const t = useTranslations('group')
  const { id, name } = group
  const role = useIsPast() ? 'viewer' : group.role
  const { add, start, stop, takeAway } = useGroupActs(group)
  const isRunning = useVital(id, (vitals) => (vitals?.running ?? 0) > 0)
  const mayEdit = role !== 'viewer'
  const entries: MenuEntry[] = [
    { kind: 'action', label: t('rate'), icon: Percent, onSelect: () => askForRate(id) },
    { kind: 'link', label: t('history'), icon: ChartNoAxesGantt, href: `/groups/${id}` },
  ]
  if (mayEdit) {
    entries.push(
      { kind: 'action', label: t('add'), icon: Plus, onSelect: add },
      { kind: 'action', label: t('rename'), icon: Pencil, onSelect: onRename },
      { kind: 'action', label: t('startAll'), icon: Play, onSelect: start },
      { kind: 'action', label: t('stopAll'), icon: Pause, onSelect: stop },
    )
  }
  if (role === 'owner') {
    entries.push({ kind: 'line' })
    entries.push({ kind: 'action', label: t('delete'), icon: Trash2, onSelect: takeAway })
  }
  return (
    <div className="flex items-center">
      {mayEdit && (
        <span className="flex opacity-0 group-hover/card:opacity-100 focus-within:opacity-100 [@media(hover:none)]:opacity-100">
          <IconButton icon={Plus} label={t('addTo', { name })} onClick={add} />
          <IconButton
            icon={isRunning ? Pause : Play}
            label={isRunning ? t('stopAll') : t('startAll')}
            onClick={isRunning ? stop : start}
          />
        </span>
      )}
      <Menu label={t('menu', { name })} entries={entries} className={cx(iconButtonLook, 'size-7')}>
        <Ellipsis size={16} aria-hidden />
      </Menu>
    </div>
  )
}

// They outlive the card: undo comes after it is gone.
function useGroupActs({ id, name }: MyGroup) {
  const t = useTranslations()
  const act = useAct()
  const turn = useSwitchGroup(id)
  const remove = useDeleteGroup(id)
  const restore = useRestoreGroup(id)

  async function removeWithUndo(): Promise<void> {
    const isGone = await act(t('group.delete'), () => remove.mutateAsync())
    if (!isGone) return
    const run = () => void act(t('undo'), () => restore.mutateAsync())
    showToast({ text: t('group.deleted', { name }), undo: { label: t('undo'), run } })
  }

  return {
    add: () => askForList({ text: '', groupId: id }),
    start: () => void act(t('group.startAll'), () => turn.mutateAsync('start')),
    stop: () => void act(t('group.stopAll'), () => turn.mutateAsync('stop')),
    takeAway: () => void removeWithUndo(),
  }
}
