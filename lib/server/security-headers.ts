// The headers that keep a page to itself: a strict CSP with a nonce, and its kin.
import { randomBytes } from 'node:crypto'

export type SecurityHeaders = { nonce: string; policy: string; headers: Record<string, string> }

/** Fresh for each request. Next reads `policy` from the request and puts the nonce on its scripts. */
export function createSecurityHeaders(baseUrl: string, isDevelopment: boolean): SecurityHeaders {
  const nonce = randomBytes(16).toString('base64')
  const { origin, protocol } = new URL(baseUrl)
  const isSecure = protocol === 'https:'
  const policy = [
    "default-src 'self'",
    // React's development build rebuilds stacks with eval.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Browsers disagree whether 'self' covers the WebSocket scheme.
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(isSecure ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
  return {
    nonce,
    policy,
    headers: {
      'content-security-policy': policy,
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      ...(isSecure && { 'strict-transport-security': 'max-age=31536000' }),
    },
  }
}
