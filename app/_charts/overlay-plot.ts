// Two windows laid over each other on uPlot: medians and p95s by the time since each began.
import uPlot from 'uplot'
import type { ComparedWindow } from '#lib/comparison/contract.ts'
import { type ChartColours, chartColours, onThemeChange } from './chart-colours.ts'
import { joinSeries } from './join-series.ts'

const HEIGHT = 280
/** Of the height, for a block that lost all; the least that is still seen, in CSS pixels. */
const TALLEST = 0.3
const SHORTEST_PX = 4
const DASH = [6, 4]

export type Overlaid = { before: ComparedWindow; after: ComparedWindow }
export type OverlayPlot = { show(windows: Overlaid): void; close(): void }

/** `write` writes a length of time, in ms, for the axis. */
export function createOverlayPlot(host: HTMLElement, write: (ms: number) => string): OverlayPlot {
  let shown: Overlaid | undefined
  const plot = new uPlot(plotOptions(), undefined, host)
  const size = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(1, host.clientWidth), height: HEIGHT })
  })
  size.observe(host)
  const unwatch = onThemeChange(() => plot.redraw(false))

  return {
    show(windows) {
      shown = windows
      plot.setData(joinSeries([dataOf(windows.before), dataOf(windows.after)]))
    },
    close() {
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
      padding: [12, 24, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [0, shown ? longest(shown) : 1] },
        y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : 1] },
      },
      axes: axes(write),
      series: [
        {},
        lineIn('compare1', { dash: DASH }),
        lineIn('compare1', { dash: DASH, width: 1 }),
        lineIn('answer', {}),
        lineIn('answer', { width: 1 }),
      ],
      hooks: { drawAxes: [(drawn) => shown && drawLosses(drawn, shown)] },
    }
  }
}

const lengthOf = ({ from, to }: ComparedWindow) => Date.parse(to) - Date.parse(from)
const longest = ({ before, after }: Overlaid) => Math.max(1, lengthOf(before), lengthOf(after))

// In the middle of each block.
function dataOf({ from, blocks }: ComparedWindow): uPlot.AlignedData {
  const start = Date.parse(from)
  return [
    blocks.map((block) => (Date.parse(block.from) + Date.parse(block.to)) / 2 - start),
    blocks.map(({ p50_ms }) => p50_ms),
    blocks.map(({ p95_ms }) => p95_ms),
  ]
}

function lineIn(name: keyof ChartColours, look: Partial<uPlot.Series>): uPlot.Series {
  return {
    stroke: () => chartColours()[name],
    width: 2,
    points: { show: false },
    ...look,
  }
}

// Before as an outline, after filled.
function drawLosses(plot: uPlot, { before, after }: Overlaid): void {
  const { ctx, bbox } = plot
  const colours = chartColours()
  ctx.save()
  for (const [window, isFilled] of [
    [after, true],
    [before, false],
  ] as const) {
    for (const { from, to, sent, lost } of window.blocks) {
      if (lost === 0) continue
      const left = plot.valToPos(Date.parse(from) - Date.parse(window.from), 'x', true)
      const right = plot.valToPos(Date.parse(to) - Date.parse(window.from), 'x', true)
      const height = Math.max(SHORTEST_PX * devicePixelRatio, (lost / sent) * TALLEST * bbox.height)
      const box = [left, bbox.top + bbox.height - height, right - left, height] as const
      ctx.fillStyle = colours.loss
      ctx.strokeStyle = colours.compare1
      ctx.lineWidth = devicePixelRatio
      if (isFilled) ctx.fillRect(...box)
      else ctx.strokeRect(...box)
    }
  }
  ctx.restore()
}

function axes(write: (ms: number) => string): uPlot.Axis[] {
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
      incrs: STEPS_MS,
      values: (_plot, splits) => splits.map((ms) => (ms === 0 ? '0' : write(ms))),
    },
    { ...look, size: 68, values: (_plot, splits) => splits.map((ms) => `${ms} ms`) },
  ]
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10].map((days) => days * DAY),
]
