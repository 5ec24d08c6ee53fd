// The addresses of a group in a window: their cells and their figures, in one order.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { SuccessRate } from '#lib/samples/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { type MatrixCells, toCells } from '../../_charts/matrix-cells.ts'
import type { TimeWindow } from '../../_charts/time-window.ts'
import { matrixQuery } from '../../_data/matrix.ts'
import { rateQuery, rateWindowOf } from '../../_data/rates.ts'
import { targetsQuery } from '../../_data/targets.ts'
import { type RatedTarget, type RateOrder, sortRates } from '../../_group/rate-order.ts'

/** As fine as a screen tells apart; of large groups half of it, so that it comes in time. */
const COLUMNS = { few: 240, many: 120, manyFrom: 500 }

const noTargets: LiveTarget[] = []

type Asked = {
  group: MyGroup
  window: TimeWindow
  nowMs: number
  order: RateOrder
  /** What a host or a label must hold. */
  query: string
}

/** A part of the page that is asked for: undefined until it came. */
type Part<Of> = { data: Of | undefined; error: Error | null; isOld: boolean; retry(): void }

export type GroupRows = {
  /** Of all addresses. */
  cells: Part<MatrixCells>
  rate: Part<SuccessRate>
  /** Of those that were searched for, in the order of the table. */
  shownCells: MatrixCells | undefined
  shownRates: RatedTarget[]
}

export function useGroupRows({ group, window, nowMs, order, query }: Asked): GroupRows {
  const columns = group.target_count < COLUMNS.manyFrom ? COLUMNS.few : COLUMNS.many
  const shown = { groupId: group.id, targetCount: group.target_count, columns }
  const matrix = useQuery(matrixQuery(shown, window, nowMs))
  const rate = useQuery(rateQuery(group.id, rateWindowOf(window)))
  const cells = useMemo(
    () => matrix.data && toCells(matrix.data, group.parameters.interval_ms),
    [matrix.data, group.parameters.interval_ms],
  )
  const { data: targets = noTargets } = useQuery(targetsQuery(group.id))
  const arranged = useMemo(
    () => arrange({ cells, rate: rate.data, targets }, order, query),
    [cells, rate.data, targets, order, query],
  )
  return {
    cells: partOf(cells, matrix),
    rate: partOf(rate.data, rate),
    shownCells: arranged.cells,
    shownRates: arranged.rates,
  }
}

type Answer = { error: Error | null; isPlaceholderData: boolean; refetch(): unknown }

function partOf<Of>(data: Of | undefined, { error, isPlaceholderData, refetch }: Answer): Part<Of> {
  return { data, error, isOld: isPlaceholderData || error !== null, retry: () => void refetch() }
}

type Known = {
  cells: MatrixCells | undefined
  rate: SuccessRate | undefined
  targets: readonly LiveTarget[]
}

// Cells without figures, of addresses that were added just now, come last.
function arrange(
  { cells, rate, targets }: Known,
  order: RateOrder,
  query: string,
): { cells: MatrixCells | undefined; rates: RatedTarget[] } {
  const wanted = query.trim().toLowerCase()
  const lines = new Map(cells?.lines.map((line) => [line.id, line]))
  const labels = new Map([...lines.values(), ...targets].map(({ id, label }) => [id, label]))
  const rated = (rate?.targets ?? []).map((target) => ({
    ...target,
    label: labels.get(target.id) ?? '',
  }))
  const isFound = ({ host, label }: { host: string; label: string }) =>
    host.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted)
  const rates = sortRates(rated.filter(isFound), order)
  const known = new Set(rated.map(({ id }) => id))
  const sorted = rates.flatMap(({ id }) => lines.get(id) ?? [])
  const others = [...lines.values()].filter((line) => !known.has(line.id) && isFound(line))
  return { cells: cells && { ...cells, lines: [...sorted, ...others] }, rates }
}
