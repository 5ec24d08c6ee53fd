// Sends long answers piece by piece: made only as fast as they are read, and few at once.
import { AppError } from '#lib/errors.ts'
import type { Log } from '#lib/log.ts'

/** Text or bytes. */
export type Chunks = AsyncGenerator<Chunk>
type Chunk = string | Uint8Array

/** An answer in pieces; with a file's name browsers save it. */
export type Streamed = { type: string; fileName?: string; chunks: Chunks }

export type Downloads = {
  /**
   * The answer made of these chunks, of which the first is awaited: what it throws, this throws.
   * Throws `rate_limited` where too many long answers are open.
   */
  send(answer: Streamed, log: Log): Promise<Response>
}

export type DownloadLimits = {
  /** How many may be open at once. */
  most: number
  /** A reader that takes nothing for so long is gone. */
  idleMs: number
  /** What is no longer is made whole at once and never open: a page that asks anew leaves nothing. */
  shortLength: number
}

export function createDownloads({ most, idleMs, shortLength }: DownloadLimits): Downloads {
  let open = 0

  return {
    async send({ type, fileName, chunks }, log) {
      const { head, isWhole } = await readHead(chunks, shortLength)
      if (!isWhole && open >= most) {
        await chunks.return(undefined)
        const detail = 'Too many downloads are open. Try again in a moment.'
        throw new AppError('rate_limited', detail, { retryAfterSeconds: 5 })
      }
      const body = isWhole ? joined(head) : streamOf(head, count(chunks), { idleMs, log })
      return new Response(body, {
        headers: {
          'content-type': type,
          'cache-control': 'no-store',
          ...(fileName && { 'content-disposition': `attachment; filename="${fileName}"` }),
        },
      })
    },
  }

  function count(chunks: Chunks): Rest {
    open += 1
    let isCounted = true
    const end = () => {
      if (isCounted) open -= 1
      isCounted = false
    }
    return {
      async next() {
        try {
          const next = await chunks.next()
          if (next.done) end()
          return next
        } catch (error) {
          end()
          throw error
        }
      },
      async close() {
        end()
        await chunks.return(undefined)
      },
    }
  }
}

type Rest = { next(): Promise<IteratorResult<Chunk>>; close(): Promise<void> }

async function readHead(chunks: Chunks, shortLength: number) {
  const head: Chunk[] = []
  for (let length = 0; length <= shortLength; length += head.at(-1)?.length ?? 0) {
    const { done, value } = await chunks.next()
    if (done) return { head, isWhole: true }
    head.push(value)
  }
  return { head, isWhole: false }
}

function joined(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  return Buffer.concat(
    chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)),
  )
}

function streamOf(
  head: Chunk[],
  chunks: Rest,
  { idleMs, log }: { idleMs: number; log: Log },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let idle: NodeJS.Timeout | undefined

  return new ReadableStream<Uint8Array>(
    {
      start: awaitReader,
      async pull(controller) {
        clearTimeout(idle)
        const value = head.shift() ?? (await nextOf())
        if (value === undefined) return controller.close()
        controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
        awaitReader(controller)
      },
      async cancel() {
        clearTimeout(idle)
        await chunks.close()
      },
    },
    { highWaterMark: 0 },
  )

  async function nextOf(): Promise<Chunk | undefined> {
    try {
      const { done, value } = await chunks.next()
      return done ? undefined : value
    } catch (error) {
      log.error({ err: error }, 'a download broke off')
      throw error
    }
  }

  function awaitReader(controller: ReadableStreamDefaultController<Uint8Array>): void {
    idle = setTimeout(() => {
      controller.error(new Error('Nobody reads this answer any more.'))
      void chunks.close()
    }, idleMs)
    idle.unref()
  }
}
