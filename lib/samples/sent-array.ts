// Reads arrays as PostgreSQL sends them in binary (array_send), much faster than their text.

/** Microseconds from 1970 to 2000, from where PostgreSQL counts. */
const EPOCH_US = 946_684_800_000_000
const HEADER_BYTES = 20
const LENGTH_BYTES = 4

/** How many elements there are; no dimension means none. */
function countSent(sent: Buffer): number {
  return sent.length < HEADER_BYTES ? 0 : sent.readInt32BE(12)
}

/** Of an array of int4 without nulls. */
export function intsOf(sent: Buffer): Int32Array {
  const view = viewOf(sent)
  const ints = new Int32Array(countSent(sent))
  let at = HEADER_BYTES + LENGTH_BYTES
  for (let i = 0; i < ints.length; i += 1, at += 4 + LENGTH_BYTES) ints[i] = view.getInt32(at)
  return ints
}

/** Of an array of timestamptz without nulls or infinities: µs since 1970. */
export function momentsOf(sent: Buffer): Float64Array {
  const view = viewOf(sent)
  const moments = new Float64Array(countSent(sent))
  let at = HEADER_BYTES + LENGTH_BYTES
  for (let i = 0; i < moments.length; i += 1, at += 8 + LENGTH_BYTES)
    moments[i] = view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4) + EPOCH_US
  return moments
}

const viewOf = ({ buffer, byteOffset, length }: Buffer) => new DataView(buffer, byteOffset, length)
