// Packs files into one zip on the way out, with the checksum of each in a last one.
import { createHash } from 'node:crypto'
import { configure, ZipWriter } from '@zip.js/zip.js'

/** `chunks` are read once, when the file's turn has come. */
export type PackedFile = { name: string; chunks: AsyncIterable<string> | Iterable<string> }

export const SUMS = 'SHA256SUMS'

configure({ useWebWorkers: false })

/**
 * The bytes of the zip as they are made: no faster than they are read, and nothing is held but what
 * is on its way. At the end `onWhole` gets the SHA-256 of all of it. What a file throws, this throws.
 */
export async function* zipFiles(
  files: readonly PackedFile[],
  onWhole: (sha256: string) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const reader = readable.getReader()
  const given = new AbortController()
  const written = writeFiles(new ZipWriter(writable, { zip64: false }), files, given.signal)
  const failed = written.then(() => new Promise<never>(() => {}))
  const whole = createHash('sha256')
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), failed])
      if (done) break
      whole.update(value)
      yield value
    }
    await written
    await onWhole(whole.digest('hex'))
  } finally {
    given.abort()
    // A reader that left makes the writing fail, which then nobody has to hear of.
    await reader.cancel().catch(() => {})
    await written.catch(() => {})
  }
}

async function writeFiles(
  zip: ZipWriter<unknown>,
  files: readonly PackedFile[],
  signal: AbortSignal,
): Promise<void> {
  const sums: string[] = []
  for (const { name, chunks } of files) {
    const hash = createHash('sha256')
    await zip.add(name, streamOf(bytesOf(chunks, hash), signal), { signal })
    sums.push(`${hash.digest('hex')}  ${name}\n`)
  }
  await zip.add(SUMS, streamOf(bytesOf(sums, createHash('sha256')), signal), { signal })
  await zip.close()
}

async function* bytesOf(
  chunks: PackedFile['chunks'],
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const chunk of chunks) {
    const bytes = encoder.encode(chunk)
    hash.update(bytes)
    yield bytes
  }
}

// An aborted writer takes no more of a stream, and does not cancel it.
function streamOf(
  bytes: AsyncGenerator<Uint8Array>,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  signal.addEventListener('abort', () => void bytes.return(undefined))
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await bytes.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}
