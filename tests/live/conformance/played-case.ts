// One case of the catalogue: bytes after the handshake, and what our server must answer.
import { expect } from 'vitest'
import { until } from '../../support/until.ts'
import { text } from './frame-bytes.ts'
import type { Pace, RawConnection } from './raw-connection.ts'

export type ConformanceCase = {
  name: string
  /** The section of RFC 6455 that decides it. */
  rfc: string
  send: Uint8Array | Uint8Array[]
  /** In order, in the words of `RawConnection.said`; without `end` the connection still works. */
  expect: string[]
  /** Where the answer is not what the RFC asks for: what it asks, and why ours differs. */
  deviation?: string
}

/** A frame of echowall.v1 that is answered with `denied <topic>`. */
export const follow = (topic: string) => JSON.stringify({ type: 'follow', topic })
/** A frame of echowall.v1 that is taken in silence. */
export const SILENT = '{"type":"pong"}'

const STILL_HERE = 'still here'

/** Sends the case on an open connection and compares; a connection that lives on must show it. */
export async function play(raw: RawConnection, played: ConformanceCase, pace: Pace): Promise<void> {
  await raw.write(Buffer.concat([played.send].flat()), pace)
  const last = played.expect.at(-1) === 'end' ? 'end' : `denied ${STILL_HERE}`
  if (last !== 'end') await raw.write(text(follow(STILL_HERE)))
  await until(() => raw.said.includes(last) || raw.said.includes('end'), 5_000, played.name)
  expect(raw.said).toEqual(last === 'end' ? played.expect : [...played.expect, last])
}
