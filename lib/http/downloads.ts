// Sends long answers piece by piece: made only as fast as they are read, and few at once.
import { AppError } from '#lib/errors.ts'
import type { Log } from '#lib/log.ts'

/** Text or bytes. */
export type Chunks = AsyncGenerator<string | Uint8Array>

/** An answer in pieces; with a file's name browsers save it. */
export type Streamed = { type: string; fileName?: string; chunks: Chunks }

export type Downloads = {
  /**
   * The answer made of these chunks, of which the first is awaited: what it throws, this throws.
   * Throws `rate_limited` where too many answers are open.
   */
  send(answer: Streamed, log: Log): Promise<Response>
}

/** `most` may be open at once; a reader that takes nothing for `idleMs` is gone. */
export function createDownloads({ most, idleMs }: { most: number; idleMs: number }): Downloads {
  let open = 0

  return {
    async send({ type, fileName, chunks }, log) {
      if (open >= most) {
        const detail = 'Too many downloads are open. Try again in a moment.'
        throw new AppError('rate_limited', detail, { retryAfterSeconds: 5 })
      }
      const counted = count(chunks)
      const first = await counted.next()
      return new Response(streamOf(first, counted, { idleMs, log }), {
        headers: {
          'content-type': type,
          'cache-control': 'no-store',
          ...(fileName && { 'content-disposition': `attachment; filename="${fileName}"` }),
        },
      })
    },
  }

  async function* count(chunks: Chunks): Chunks {
    open += 1
    try {
      yield* chunks
    } finally {
      open -= 1
    }
  }
}

// `chunks` has begun, so that to return from it is to run its end.
function streamOf(
  first: IteratorResult<string | Uint8Array>,
  chunks: Chunks,
  { idleMs, log }: { idleMs: number; log: Log },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let ready: IteratorResult<string | Uint8Array> | undefined = first
  let idle: NodeJS.Timeout | undefined

  return new ReadableStream<Uint8Array>(
    {
      start: awaitReader,
      async pull(controller) {
        clearTimeout(idle)
        const { done, value } = ready ?? (await nextOf())
        ready = undefined
        if (done) return controller.close()
        controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
        awaitReader(controller)
      },
      async cancel() {
        clearTimeout(idle)
        await chunks.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )

  async function nextOf(): Promise<IteratorResult<string | Uint8Array>> {
    try {
      return await chunks.next()
    } catch (error) {
      log.error({ err: error }, 'a download broke off')
      throw error
    }
  }

  function awaitReader(controller: ReadableStreamDefaultController<Uint8Array>): void {
    idle = setTimeout(() => {
      controller.error(new Error('Nobody reads this answer any more.'))
      void chunks.return(undefined)
    }, idleMs)
    idle.unref()
  }
}
