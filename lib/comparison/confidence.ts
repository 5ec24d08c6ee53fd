// How sure a statement must be, so that many of them hold together.

/** The chance that any of the statements made together is wrong. */
const ERROR = 0.05

/**
 * How many standard errors an interval reaches to either side, where `statements` intervals are to
 * hold all together with 95 %: Bonferroni's correction (Dunn 1961, Multiple comparisons among
 * means). The deviate of the normal distribution is Abramowitz and Stegun's 26.2.23, good to 0.00045.
 */
export function deviateFor(statements: number): number {
  const tail = ERROR / (2 * Math.max(1, statements))
  const t = Math.sqrt(-2 * Math.log(tail))
  const above = 2.515517 + 0.802853 * t + 0.010328 * t ** 2
  const below = 1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3
  return t - above / below
}
