// What every part of a target's page gets.
import type { Windowed } from '../../../../_charts/time-window.ts'
import type { ShownTarget } from '../../../../_data/history.ts'

/** Of which target, in which window, and how to choose another. */
export type InWindow = Windowed & { shown: ShownTarget }
