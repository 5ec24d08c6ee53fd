// Signing in and out: next-auth's own paths.
import { answerAuth } from '#lib/http/auth-route.ts'
import { methods } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({ GET: answerAuth, POST: answerAuth })
