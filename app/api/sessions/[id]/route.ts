// Ends one of the asking person's sessions.
import { z } from 'zod'
import { endMySession } from '#lib/accounts/write.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  DELETE: route(z.strictObject({ id: z.uuid() }), endMySession, { status: 204 }),
})
