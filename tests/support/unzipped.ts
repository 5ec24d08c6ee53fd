// Reads a zip by its specification (APPNOTE 6.3), independent of the library that wrote it.
import { createHash } from 'node:crypto'
import { crc32, inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50
const DEFLATED = 8

/** The files in their order; fails where a length or checksum is not that of the content. */
export function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error('This zip has no end.')
  const files = new Map<string, Buffer>()
  let at = zip.readUInt32LE(end + 16)
  for (let i = 0; i < zip.readUInt16LE(end + 10); i += 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error(`There is no entry at ${at}.`)
    const lengths = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))
    const [nameLength = 0, extra = 0, comment = 0] = lengths
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    files.set(name, contentOf(zip, at, name))
    at += 46 + nameLength + extra + comment
  }
  return files
}

function contentOf(zip: Buffer, entry: number, name: string): Buffer {
  const [crc, packed, size] = [16, 20, 24].map((offset) => zip.readUInt32LE(entry + offset))
  const local = zip.readUInt32LE(entry + 42)
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const bytes = zip.subarray(start, start + (packed ?? 0))
  const content = zip.readUInt16LE(entry + 10) === DEFLATED ? inflateRawSync(bytes) : bytes
  if (content.length !== size || crc32(content) !== crc) throw new Error(`${name} is damaged.`)
  return content
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
