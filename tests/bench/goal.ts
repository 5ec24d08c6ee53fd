// Figures beside their goals: held, or missed by how much.
import { tableOf } from '../support/printed-page.ts'
import { median, quantile } from './figures.ts'

export type Goal = {
  /** What is measured, in words. */
  subject: string
  /** Each time it was measured; the median is judged. */
  measured: number[]
  /** The most that it may be. */
  limit: number
  unit: string
}

/** A table of goals; what could not be measured has missed its own. */
export function tableOfGoals(goals: Goal[]): string[] {
  return tableOf(['What', 'Goal', 'Measured', 'Held'], goals.map(rowOf))
}

function rowOf({ subject, measured, limit, unit }: Goal): string[] {
  const middle = median(measured)
  const figure = (value: number) => `${shortest(value)} ${unit}`.trim()
  const goal = `at most ${figure(limit)}`
  if (!Number.isFinite(middle)) return [subject, goal, 'not measured', '**missed**']
  const [least, most] = [quantile(measured, 0), quantile(measured, 1)].map(shortest)
  const spread = measured.length > 1 ? ` (${least} to ${most})` : ''
  const verdict = middle <= limit ? 'yes' : `**missed by ${figure(middle - limit)}**`
  return [subject, goal, `${figure(middle)}${spread}`, verdict]
}

function shortest(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return Number.isInteger(value) ? String(value) : value.toFixed(digits)
}
