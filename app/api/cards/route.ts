// My wall: the groups on it, in my order.
import { z } from 'zod'
import { listCards } from '#lib/groups/read.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(z.strictObject({}), listCards, {
    body: (items) => ({ items, next_cursor: null }),
  }),
})
