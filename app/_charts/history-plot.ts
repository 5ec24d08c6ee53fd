// A chart on uPlot, drawn anew when its data, window, size or theme change.
import uPlot from 'uplot'
import { type ChartColours, COMPARE_COLOURS, chartColours, onThemeChange } from './chart-colours.ts'
import { drawFates } from './draw-fates.ts'
import { type ChartMark, drawMarks } from './draw-marks.ts'
import { type HistoryColumns, noColumns } from './history-columns.ts'
import { joinSeries } from './join-series.ts'
import { timeTicks } from './time-ticks.ts'
import type { Edges } from './time-window.ts'

const HEIGHT = 340
/** A click is no drag. */
const SHORTEST_DRAG = 4

export type HistoryPlotOptions = {
  host: HTMLElement
  locale: string
  /** How many other targets are drawn beside, at most as many as there are colours. */
  othersCount: number
  /** A window was drawn with the mouse. */
  onSelect: (edges: Edges) => void
  /** The time under the pointer; undefined where there is none. */
  onPoint: (ms: number | undefined) => void
}

/** What is drawn: `floor` has a place for each of the columns. */
export type Drawn = {
  columns: HistoryColumns
  floor: (number | null)[]
  others: readonly HistoryColumns[]
  /** In ascending order. */
  marks: readonly ChartMark[]
}

export type HistoryPlot = {
  /** With as many others as it was made for; without effect once it is closed. */
  show(drawn: Drawn, edges: Edges): void
  /** Where gestures are made: the plotting area without its axes. */
  area: HTMLElement
  close(): void
}

export function createHistoryPlot(options: HistoryPlotOptions): HistoryPlot {
  const { host, onSelect, onPoint } = options
  let columns = noColumns()
  let marks: readonly ChartMark[] = []
  let edges: Edges = { fromMs: 0, toMs: 1 }
  let isClosed = false
  const plot = new uPlot(plotOptions(), undefined, host)
  const size = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(1, host.clientWidth), height: HEIGHT })
  })
  size.observe(host)
  const unwatch = onThemeChange(() => plot.redraw(false))

  return {
    show(next, nextEdges) {
      if (isClosed) return
      columns = next.columns
      marks = next.marks
      edges = nextEdges
      plot.setData(toData(next))
    },
    area: plot.over,
    close() {
      isClosed = true
      unwatch()
      size.disconnect()
      plot.destroy()
    },
  }

  function plotOptions(): uPlot.Options {
    return {
      width: Math.max(1, host.clientWidth),
      height: HEIGHT,
      ms: 1,
      padding: [12, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false, dist: SHORTEST_DRAG } },
      scales: {
        x: { time: true, range: () => [edges.fromMs, edges.toMs] },
        y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : 1] },
      },
      axes: axes(options.locale),
      ...lines(options.othersCount),
      hooks: {
        drawAxes: [(drawn) => drawFates(drawn, columns)],
        draw: [(drawn) => drawMarks(drawn, marks)],
        setCursor: [point],
        setSelect: [select],
      },
    }
  }

  function point({ cursor: { left = -1 }, posToVal }: uPlot): void {
    onPoint(left < 0 ? undefined : posToVal(left, 'x'))
  }

  function select(drawn: uPlot): void {
    const { left, width } = drawn.select
    if (width < SHORTEST_DRAG) return
    onSelect({ fromMs: drawn.posToVal(left, 'x'), toMs: drawn.posToVal(left + width, 'x') })
    drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  }
}

// Each target has times of its own: where one has none, its line goes on to its next.
function toData({ columns, floor, others }: Drawn): uPlot.AlignedData {
  const { x, min, p50, p95, p99, max } = columns
  const own: uPlot.AlignedData = [x, min, p50, p95, p99, max, floor]
  if (others.length === 0) return own
  return joinSeries([own, ...others.map((other): uPlot.AlignedData => [other.x, other.p50])])
}

// The median is a line; around it the more results lie at a height, the thicker the smoke. A faint
// line is the floor. Of other targets there are the medians.
function lines(othersCount: number): Pick<uPlot.Options, 'series' | 'bands'> {
  const through = (share: number) => () =>
    `color-mix(in oklch, ${chartColours().answer} ${share}%, transparent)`
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } }
  const floor = { stroke: () => chartColours().text, width: 1, dash: [1, 3] }
  const [LEAST, P95, P99, MOST] = [1, 3, 4, 5]
  return {
    series: [
      {},
      edge,
      lineIn('answer'),
      edge,
      edge,
      edge,
      { ...floor, points: { show: false } },
      ...COMPARE_COLOURS.slice(0, othersCount).map(lineIn),
    ],
    bands: [
      { series: [MOST, LEAST], fill: through(14) },
      { series: [P99, LEAST], fill: through(16) },
      { series: [P95, LEAST], fill: through(22) },
    ],
  }
}

function lineIn(name: keyof ChartColours): uPlot.Series {
  const stroke = () => chartColours()[name]
  return { stroke, width: 1.5, points: { stroke, fill: stroke, size: 3 } }
}

function axes(locale: string): uPlot.Axis[] {
  const look = {
    stroke: () => chartColours().text,
    grid: { stroke: () => chartColours().line, width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  }
  return [
    {
      ...look,
      space: 90,
      size: 32,
      values: (_plot, splits, _axis, _space, step) => timeTicks(splits, step, locale),
    },
    { ...look, size: 68, values: (_plot, splits) => roundTripTicks(splits) },
  ]
}

// All with as many digits as the finest of them needs.
function roundTripTicks(splits: number[]): string[] {
  const digits = Math.max(0, ...splits.map((ms) => (String(ms).split('.')[1] ?? '').length))
  return splits.map((ms) => `${ms.toFixed(digits)} ms`)
}
