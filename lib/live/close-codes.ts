// Why a live connection ends: below 4500 come back, from 4500 stay away.

export const CLOSE = {
  /** The server stops or restarts. */
  goingAway: 1001,
  /** A binary frame: the protocol is text. */
  unsupportedData: 1003,
  tooLarge: 1009,
  /** A fault of ours in this connection alone. */
  internal: 4000,
  /** The reader took nothing for a minute. */
  tooSlow: 4001,
  /** No answer to the heartbeat. */
  silent: 4002,
  invalidFrame: 4500,
  sessionEnded: 4501,
} as const

/** Whether a reader should connect again after this code. */
export const comesBack = (code: number) => code < 4500
