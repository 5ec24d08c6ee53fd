// Calls a route handler as Next does, and holds every failure to be a problem document.
import { expect } from 'vitest'
import type { RouteHandler } from '#lib/http/route.ts'

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]
export type Handlers = Record<Method, RouteHandler>

export type Sent = {
  cookie?: string
  /** The parameters of the path. */
  params?: Record<string, string>
  query?: string
  body?: unknown
  /** The body as it is, where it is no JSON or must not be. */
  text?: string
}

/** `json` is the parsed answer, empty where it is none. */
export async function callRoute(handlers: Handlers, method: Method, sent: Sent = {}) {
  const { cookie, params = {}, query = '', body, text = JSON.stringify(body) } = sent
  const request = new Request(`http://127.0.0.1:3000/api${query}`, {
    method,
    headers: { ...(cookie && { cookie }), 'content-type': 'application/json' },
    ...(method !== 'GET' && text !== undefined && { body: text }),
  })
  const response = await handlers[method](request, { params: Promise.resolve(params) })
  const answer = await response.text()
  const type = response.headers.get('content-type') ?? ''
  expect(type === 'application/problem+json').toBe(response.status >= 400)
  const json = type.includes('json') ? JSON.parse(answer) : ''
  return { status: response.status, text: answer, json }
}
