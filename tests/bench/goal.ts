// A figure beside its goal: held, or missed by how much.

export type Goal = {
  /** What is measured, in words. */
  subject: string
  measured: number
  /** The most that it may be. */
  limit: number
  unit: string
}

/** A row of `GOALS_HEAD`. */
export function goalRow({ subject, measured, limit, unit }: Goal): string[] {
  const figure = (value: number) => `${shortest(value)} ${unit}`.trim()
  // A figure that could not be measured misses its goal.
  const verdict = measured <= limit ? 'yes' : `**missed by ${figure(measured - limit)}**`
  return [subject, `at most ${figure(limit)}`, figure(measured), verdict]
}

export const GOALS_HEAD = ['What', 'Goal', 'Measured', 'Held']

function shortest(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return Number.isInteger(value) ? String(value) : value.toFixed(digits)
}
