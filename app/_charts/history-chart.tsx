// Round trips and losses over a window that is dragged, turned, pinched and typed.
'use client'
import 'uplot/dist/uPlot.min.css'
import { useLocale } from 'next-intl'
import { type KeyboardEvent, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { Floor } from '#lib/samples/contract.ts'
import type { ChartMark } from './draw-marks.ts'
import { floorAt } from './floor-line.ts'
import type { HistoryColumns } from './history-columns.ts'
import { createHistoryPlot, type HistoryPlot } from './history-plot.ts'
import { watchGestures, windowAfterKey } from './range-gestures.ts'
import { edgesOf, type TimeWindow, windowBetween } from './time-window.ts'

type HistoryChartProps = {
  columns: HistoryColumns
  floor: Floor | undefined
  /** The other targets beside it, in the order of `COMPARE_COLOURS`. */
  others: readonly HistoryColumns[]
  marks: readonly ChartMark[]
  window: TimeWindow
  /** The server's time; it may rest, and then the chart does. */
  nowMs: number
  onWindow(next: TimeWindow): void
  /** The time under the pointer. */
  onPoint(ms: number | undefined): void
  label: string
}

export function HistoryChart(props: HistoryChartProps) {
  const { columns, floor, others, marks, window, nowMs, onWindow, label } = props
  const locale = useLocale()
  const host = useRef<HTMLDivElement>(null)
  const [plot, setPlot] = useState<HistoryPlot>()
  const choose = useEffectEvent(onWindow)
  const point = useEffectEvent(props.onPoint)
  const latest = useEffectEvent(() => window)
  const now = useEffectEvent(() => nowMs)

  const othersCount = others.length

  useEffect(() => {
    if (!host.current) return
    const made = createHistoryPlot({
      host: host.current,
      locale,
      othersCount,
      onSelect: ({ fromMs, toMs }) => choose(windowBetween(fromMs, toMs, now())),
      onPoint: (ms) => point(ms),
    })
    const unwatch = watchGestures({
      area: made.area,
      window: () => latest(),
      nowMs: () => now(),
      onWindow: (next) => choose(next),
    })
    setPlot(made)
    return () => {
      unwatch()
      made.close()
    }
  }, [locale, othersCount])
  const { fromMs, toMs } = edgesOf(window, nowMs)
  const line = useMemo(() => floorAt(floor, columns.x), [floor, columns])
  useEffect(() => {
    plot?.show({ columns, floor: line, others, marks }, { fromMs, toMs })
  }, [plot, columns, line, others, marks, fromMs, toMs])

  function press(event: KeyboardEvent): void {
    const next = windowAfterKey(event.key, window, nowMs)
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    onWindow(next)
  }

  return (
    <div
      ref={host}
      role="application"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes arrows, plus and minus.
      tabIndex={0}
      onKeyDown={press}
      className="w-full rounded-4"
    />
  )
}
