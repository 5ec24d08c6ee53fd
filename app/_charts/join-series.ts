// Tables with times of their own as one, in which a hole of any stays a hole.
import uPlot from 'uplot'

/** A null stays one also among the times of the others (uPlot's `JoinNullMode.Expand`). */
const EXPAND_HOLES = 2

export function joinSeries(tables: uPlot.AlignedData[]): uPlot.AlignedData {
  return uPlot.join(
    tables,
    tables.map((table) => table.map(() => EXPAND_HOLES)),
  )
}
