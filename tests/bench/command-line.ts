// What a bench's command line asks for: a small trial, some parts, a number.

const TRIAL = 'trial'
const words = process.argv.slice(2)

/** A trial leaves the docs alone. */
export const isTrial = words.includes(TRIAL)

/** A count or a time of a bench, by whether it is tried in small. */
export function sized(whole: number, trial: number): number {
  return isTrial ? trial : whole
}

/** The number among the words, such as the minutes of a soak. */
export function numberOr(fallback: number): number {
  return Number(words.find(isNumber) ?? fallback)
}

/** The parts that are named, all of them if none is; throws for a word that is no part. */
export function partsNamed(parts: string[]): string[] {
  const named = words.filter((word) => word !== TRIAL && !isNumber(word))
  const unknown = named.find((word) => !parts.includes(word))
  if (unknown) throw new Error(`There is no part ${unknown}; the parts are ${parts.join(', ')}.`)
  return named.length > 0 ? named : parts
}

function isNumber(word: string): boolean {
  return /^\d+$/.test(word)
}
