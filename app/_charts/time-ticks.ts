// Writes the times of an axis as finely as they are apart, the day where it begins.

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const MONTH_MS = 28 * DAY_MS

const FORMATS = {
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  day: { month: 'short', day: 'numeric' },
  month: { year: 'numeric', month: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** `splits` in ms since 1970, `stepMs` apart; in the reader's own time zone. */
export function timeTicks(splits: number[], stepMs: number, locale: string): string[] {
  const format = (kind: keyof typeof FORMATS) => {
    const writer = new Intl.DateTimeFormat(locale, { ...FORMATS[kind], hourCycle: 'h23' })
    return (ms: number) => writer.format(ms)
  }
  const kind = kindOf(stepMs)
  const [write, writeDay] = [format(kind), format('day')]
  const isOfClock = kind === 'second' || kind === 'minute'
  return splits.map((ms) => (isOfClock && isMidnight(ms) ? writeDay(ms) : write(ms)))
}

function kindOf(stepMs: number): keyof typeof FORMATS {
  if (stepMs < MINUTE_MS) return 'second'
  if (stepMs < DAY_MS) return 'minute'
  return stepMs < MONTH_MS ? 'day' : 'month'
}

function isMidnight(ms: number): boolean {
  const date = new Date(ms)
  return date.getHours() + date.getMinutes() + date.getSeconds() === 0
}
