// The words of the house and their bounds; one word per concept, everywhere.

/** Bounds of a group's ping parameters; the defaults are what a new group gets. */
export const PING_BOUNDS = {
  intervalMs: { min: 200, max: 3_600_000, fallback: 1_000 },
  timeoutMs: { min: 10, max: 10_000, fallback: 1_000 },
  /** 16 bytes hold the nonce that tells our echoes from others'. */
  payloadBytes: { min: 16, max: 65_000, fallback: 56 },
  ttl: { min: 1, max: 255, fallback: 64 },
  dscp: { min: 0, max: 63, fallback: 0 },
} as const

/** For how many days what was measured may be kept, by the setting that says so. */
export const RETENTION_DAYS = {
  RAW_RETENTION_DAYS: { fallback: 7, most: 366 },
  MINUTE_RETENTION_DAYS: { fallback: 90, most: 1_096 },
  HOUR_RETENTION_DAYS: { fallback: 1_096, most: 3_660 },
} as const

/** After its timeout a result may be this late before its absence means something. */
export const PENDING_MS = 1_000

/** What a stored `rtt_us` means below zero; at or above zero it is the round trip in microseconds. */
export const OUTCOME = {
  lost: -1,
  unreachable: -2,
  ttlExceeded: -3,
  noSuchName: -4,
} as const

/** Longest things a person may write. */
export const LENGTHS = {
  groupName: 200,
  label: 200,
  mark: 200,
  host: 253,
  employeeNo: 64,
  personName: 200,
  password: 256,
  targetsPerRequest: 10_000,
} as const
