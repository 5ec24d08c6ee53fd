// How numbers are written: three significant digits, never better than the truth.

/** What stands where there is nothing to say. */
export const NOTHING = '—'

export type Figure = { value: string; unit: string }

/** 83 µs is `0.083 ms`, 12,400 µs `12.4 ms`, 1,200,000 µs `1.20 s`: always four or five characters. */
export function roundTrip(us: number): Figure {
  const ms = us / 1000
  // The bounds are where the next coarser form takes over by rounding.
  if (ms < 0.9995) return { value: ms.toFixed(3), unit: 'ms' }
  if (ms < 9.995) return { value: ms.toFixed(2), unit: 'ms' }
  if (ms < 99.95) return { value: ms.toFixed(1), unit: 'ms' }
  if (ms < 999.5) return { value: ms.toFixed(0), unit: 'ms' }
  return { value: (ms / 1000).toFixed(ms < 9_995 ? 2 : 1), unit: 's' }
}

/** A share of answers, rounded down: `100` only when none is missing, `99.998` stays so. */
export function successPercent(received: number, sent: number): string {
  if (sent <= 0) return NOTHING
  if (received >= sent) return '100'
  const missing = (100 * (sent - received)) / sent
  const digits = Math.min(5, Math.max(1, Math.ceil(-Math.log10(missing))))
  const factor = 10 ** digits
  return (Math.floor((received * 100 * factor) / sent) / factor).toFixed(digits)
}

/** A share of losses: `0` only when none was lost, `100` only when all were. */
export function lossPercent(lost: number, sent: number): string {
  if (sent <= 0) return NOTHING
  if (lost <= 0) return '0'
  if (lost >= sent) return '100'
  const percent = (100 * lost) / sent
  return Math.min(99.9, Math.max(0.1, percent)).toFixed(1)
}

export type AgeUnit = 'second' | 'minute' | 'hour' | 'day'

/** An age in its natural unit: tenths below ten seconds, whole units above. */
export function ageOf(ms: number): { value: number; unit: AgeUnit } {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return { value: Math.floor(seconds * 10) / 10, unit: 'second' }
  if (seconds < 60) return { value: Math.floor(seconds), unit: 'second' }
  if (seconds < 3_600) return { value: Math.floor(seconds / 60), unit: 'minute' }
  if (seconds < 86_400) return { value: Math.floor(seconds / 3_600), unit: 'hour' }
  return { value: Math.floor(seconds / 86_400), unit: 'day' }
}

const UNITS: { unit: AgeUnit; seconds: number }[] = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
]

/** A length of time in its two largest units, below a minute as an age is. */
export function durationOf(ms: number): { value: number; unit: AgeUnit }[] {
  const seconds = Math.floor(ms / 1000)
  const largest = UNITS.findIndex((one) => seconds >= one.seconds && one.unit !== 'second')
  if (largest < 0) return [ageOf(ms)]
  const [whole, part] = UNITS.slice(largest, largest + 2)
  if (!whole || !part) return [ageOf(ms)]
  const rest = Math.floor((seconds % whole.seconds) / part.seconds)
  const first = { value: Math.floor(seconds / whole.seconds), unit: whole.unit }
  return rest > 0 ? [first, { value: rest, unit: part.unit }] : [first]
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** `1.07 GB`, `23.4 MB`, `512 kB`: three digits, 1,024 of each in the next, as settings count them. */
export function dataSize(bytes: number): Figure {
  let value = Math.max(0, bytes)
  let step = 0
  // 999.5 would be written with four digits.
  while (value >= 999.5 && step < SIZES.length - 1) {
    value /= 1_024
    step += 1
  }
  const digits = step === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return { value: value.toFixed(digits), unit: SIZES[step] ?? '' }
}
