// What an input of type datetime-local takes: the reader's own time, without a zone.

export function localTimeOf(ms: number): string {
  const shifted = ms - new Date(ms).getTimezoneOffset() * 60_000
  return new Date(shifted).toISOString().slice(0, 19)
}
