// The record as components read it: rendered anew whenever it tells of a change.
'use client'
import { useSyncExternalStore } from 'react'
import type { LiveRecord } from '../_data/live-record.ts'

/** Renders anew with the record; its parts are then read as they stand. */
export function useRecord(record: LiveRecord): LiveRecord {
  useSyncExternalStore(record.subscribe, record.version, () => 0)
  return record
}
