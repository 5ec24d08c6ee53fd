// Cuts a time into days, hours, minutes and single results, the longest that fit.

/** [fromUs, toUs) in µs since 1970. */
export type Time = { fromUs: number; toUs: number }

export const SLOT_US = { day: 86_400_000_000, hour: 3_600_000_000, minute: 60_000_000 }
export type SlotLevel = keyof typeof SLOT_US

/** A time that is told by whole slots of a level, or by its results. */
export type Piece = Time & { level: SlotLevel | 'sample' }

/** Since when there are samples, and minutes: beginnings of hours. */
export type Kept = { rawSince: Date; minutesSince: Date }

/** What summaries there are, by the beginning of a day or an hour. */
export type Summed = {
  hasDay(dayUs: number): boolean
  hasHour(hourUs: number): boolean
  hasMinutes(hourUs: number): boolean
}

export const ALL_SUMMED: Summed = {
  hasDay: () => true,
  hasHour: () => true,
  hasMinutes: () => true,
}

/**
 * As much of a time as is still known, undefined where nothing is. Where there are no samples a slot
 * that it fills in part may hold what was measured for others, so that one is left out.
 */
export function knownPart(time: Time, kept: Kept): Time | undefined {
  const fromUs = up(time.fromUs, finestAt(time.fromUs, kept))
  // What ends where something begins to be kept ends in what was not.
  const toUs = down(time.toUs, finestAt(time.toUs - 1, kept))
  return fromUs < toUs ? { fromUs, toUs } : undefined
}

/** The pieces in their order, which are all of the time: the longest slots that lie wholly within. */
export function coverOf({ fromUs, toUs }: Time, summed: Summed): Piece[] {
  const pieces: Piece[] = []
  for (let at = fromUs; at < toUs; ) {
    const level = levelAt(at, toUs, summed)
    const end = level === 'sample' ? endOfSamples(at, toUs, summed) : at + SLOT_US[level]
    const last = pieces.at(-1)
    if (last?.level === level) last.toUs = end
    else pieces.push({ level, fromUs: at, toUs: end })
    at = end
  }
  return pieces
}

/** The beginning of the slot that a moment lies in. */
export function down(us: number, slotUs: number): number {
  return Math.floor(us / slotUs) * slotUs
}

/** The beginning of the next one, or of this where that is the moment. */
export function up(us: number, slotUs: number): number {
  return Math.ceil(us / slotUs) * slotUs
}

function finestAt(us: number, { rawSince, minutesSince }: Kept): number {
  if (us >= rawSince.getTime() * 1000) return 1
  return us >= minutesSince.getTime() * 1000 ? SLOT_US.minute : SLOT_US.hour
}

function levelAt(at: number, toUs: number, summed: Summed): Piece['level'] {
  if (isWhole(at, toUs, SLOT_US.day) && summed.hasDay(at)) return 'day'
  if (isWhole(at, toUs, SLOT_US.hour) && summed.hasHour(at)) return 'hour'
  const isMinute = isWhole(at, toUs, SLOT_US.minute)
  return isMinute && summed.hasMinutes(down(at, SLOT_US.hour)) ? 'minute' : 'sample'
}

// A slot begins here and lies within.
function isWhole(at: number, toUs: number, slotUs: number): boolean {
  return at + slotUs <= toUs && at % slotUs === 0
}

function endOfSamples(at: number, toUs: number, { hasMinutes }: Summed): number {
  const slotUs = hasMinutes(down(at, SLOT_US.hour)) ? SLOT_US.minute : SLOT_US.hour
  return Math.min(toUs, down(at, slotUs) + slotUs)
}
