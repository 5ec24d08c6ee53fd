// Carries a request to next-auth and its answer back, with plain values on both sides.
import { parseCookie } from 'cookie'
import type { NextApiRequest, NextApiResponse } from 'next'
import NextAuth, { type AuthOptions } from 'next-auth'

export type Question = {
  /** What follows /api/auth: `callback`, `credentials`. */
  path: string[]
  method: string
  query: Record<string, string>
  fields: Record<string, string>
  headers: Headers
}

/** `url` is where next-auth sends the browser; `body` is what it says otherwise. */
export type NextAuthAnswer = { status: number; headers: Headers; url?: string; body?: unknown }

/** What next-auth answers; the caller decides between a redirect and JSON. */
export async function askNextAuth(
  question: Question,
  options: AuthOptions,
): Promise<NextAuthAnswer> {
  const answer: NextAuthAnswer = { status: 200, headers: new Headers() }
  const { request, response } = asPagesApi(question, answer)
  await nextAuth()(request, response, options)
  return answer
}

// The Pages-Router form of next-auth takes all it needs as arguments, where its App-Router form
// reads cookies and headers from Next's request scope. With `json` it names the URL in its body.
function asPagesApi(question: Question, answer: NextAuthAnswer) {
  const { path, method, query, fields, headers } = question
  const cookies: string[] = []
  const request = {
    method,
    query: { ...query, nextauth: path },
    body: { ...fields, json: 'true' },
    headers: Object.fromEntries(headers),
    cookies: cookiesOf(headers),
  }
  const response = {
    status(code: number) {
      answer.status = code
      return response
    },
    getHeader: (name: string) => (name === 'Set-Cookie' ? cookies : undefined),
    setHeader(name: string, value: string | string[]) {
      if (typeof value === 'string') answer.headers.set(name, value)
      else answer.headers.append(name, value.at(-1) ?? '')
    },
    json({ url }: { url: string }) {
      answer.url = url
    },
    send(body: unknown) {
      answer.body = body
    },
  }
  return { request: asApiRequest(request), response: asApiResponse(response) }
}

// Without the remembered target: callers name theirs, and next-auth fails on one that is no URL.
function cookiesOf(headers: Headers) {
  const cookies = Object.entries(parseCookie(headers.get('cookie') ?? ''))
  return Object.fromEntries(cookies.filter(([name]) => !name.endsWith('next-auth.callback-url')))
}

// Next-auth 4.24 touches no other member of the two objects (its next/index.js and next/utils.js).
const asApiRequest = (given: object) => given as NextApiRequest
const asApiResponse = (given: object) => given as NextApiResponse

// Next-auth is CommonJS: bundlers hand over its default export, Node the object that holds it.
function nextAuth(): typeof NextAuth {
  const imported: unknown = NextAuth
  const holder = imported as { default?: typeof NextAuth }
  return holder.default ?? NextAuth
}
