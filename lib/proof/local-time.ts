// Writes a million times of a named zone, as ISO 8601 with the offset of each moment.

/** Offsets change at such times only (the tz database knows no other since 1972). */
const QUARTER_MS = 900_000

/** `2026-01-31T16:00:00.000+08:00` for ms since 1970. */
export function createLocalTime(timeZone: string): (ms: number) => string {
  const writer = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  let quarter = Number.NaN
  let offset = { ms: 0, text: '' }

  return (ms) => {
    const current = Math.floor(ms / QUARTER_MS)
    if (current !== quarter) offset = offsetAt(ms)
    quarter = current
    return new Date(ms + offset.ms).toISOString().slice(0, -1) + offset.text
  }

  // As in `GMT+08:00`, plain `GMT`, and with seconds for times before there were zones.
  function offsetAt(ms: number) {
    const name = writer.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign = '+', hours = '00', minutes = '00', seconds = '0'] =
      /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? []
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
    return { ms: sign === '-' ? -size : size, text: `${sign}${hours}:${minutes}` }
  }
}
