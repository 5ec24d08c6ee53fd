// What a request asks for, in whichever form HTTP lets it say so.
import type { IncomingMessage } from 'node:http'
import { AppError } from '#lib/errors.ts'

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i

/**
 * Turns an absolute-form target (`GET http://host/path`) into a path; its host then counts in place
 * of the Host header (RFC 9112 section 3.2.2). Throws `invalid` for one without a host, or with a
 * user's name in it (RFC 9110 section 4.2.4).
 */
export function readTarget(request: IncomingMessage): void {
  const [, host, rest = ''] = ABSOLUTE.exec(request.url ?? '') ?? []
  if (host === undefined) return
  if (host === '' || host.includes('@')) {
    throw new AppError('invalid', 'The target of the request names no host.')
  }
  request.url = rest.startsWith('/') ? rest : `/${rest}`
  request.headers.host = host
}

/** The path of a target in origin form, without its query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}
