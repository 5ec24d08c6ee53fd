// Reads a JSON body of at most 1 MiB; anything else is refused before it is held in memory.
import { AppError } from '#lib/errors.ts'

export const MAX_BODY_BYTES = 1_048_576

/** The parsed body; an absent one is `{}`. Throws `invalid` (400, 413 or 415). */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request)
  if (text === '') return {}
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    throw new AppError('invalid', 'Send the body as application/json.', { status: 415 })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('invalid', 'The body is not JSON.', { cause })
  }
}

/** The body as text, at most 1 MiB; throws `invalid` (413) above. */
export async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  if (!request.body) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLarge(): AppError {
  return new AppError('invalid', 'The body is larger than 1 MiB. Send it in several requests.', {
    status: 413,
  })
}
