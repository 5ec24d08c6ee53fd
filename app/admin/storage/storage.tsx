// The page of the store, composed: the disk, the levels, and another retention tried out.
'use client'
import { useQuery } from '@tanstack/react-query'
import { storageQuery } from '../../_data/storage.ts'
import { DiskPanel } from './disk-panel.tsx'
import { LevelTable } from './level-table.tsx'
import { RetentionPanel } from './retention-panel.tsx'

export function Storage() {
  const { data: use } = useQuery(storageQuery)
  if (!use) return null
  return (
    <div className="flex flex-col gap-6">
      <DiskPanel use={use} />
      <LevelTable use={use} />
      <RetentionPanel levels={use.levels} />
    </div>
  )
}
