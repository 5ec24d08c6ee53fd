// Times of the record as the reader's clock shows them, to the millisecond.

/** `14:03:07.042`, in the reader's own zone. */
export function clockTime(ms: number): string {
  const time = new Date(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  const hms = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  return `${hms}.${String(time.getMilliseconds()).padStart(3, '0')}`
}

/** With its date and zone, for a tooltip. */
export function exactTime(ms: number): string {
  return new Date(ms).toISOString()
}
