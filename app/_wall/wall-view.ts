// What of the wall is shown: in the URL, so that a link brings the view back.
'use client'
import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { type RowFilter, SHOWN } from '../_group/arrange-rows.ts'

export function useWallView(): RowFilter {
  const parameters = useSearchParams()
  const query = parameters.get('q') ?? ''
  const show = SHOWN.find((word) => word === parameters.get('show')) ?? 'all'
  return useMemo(() => ({ query, show }), [query, show])
}

/** Next hears of it and renders anew; nothing is fetched. */
export function changeWallView({ query, show }: RowFilter): void {
  const url = new URL(location.href)
  setOrDelete(url, 'q', query)
  setOrDelete(url, 'show', show === 'all' ? '' : show)
  history.replaceState(null, '', url)
}

/** The moment that is travelled to, in ms; undefined where the URL tells none. */
export function useAskedMoment(): number | undefined {
  const at = Date.parse(useSearchParams().get('at') ?? '')
  return Number.isNaN(at) ? undefined : at
}

export function writeMoment(atMs: number | undefined): void {
  const url = new URL(location.href)
  setOrDelete(url, 'at', atMs === undefined ? '' : new Date(atMs).toISOString())
  history.replaceState(null, '', url)
}

function setOrDelete(url: URL, name: string, value: string): void {
  if (value) url.searchParams.set(name, value)
  else url.searchParams.delete(name)
}
