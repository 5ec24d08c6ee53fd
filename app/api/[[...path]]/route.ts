// Every path under /api that does not exist.
import { methods, noSuchPath } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: noSuchPath,
  POST: noSuchPath,
  PUT: noSuchPath,
  PATCH: noSuchPath,
  DELETE: noSuchPath,
})
