// What happened in a group within a stretch of the past, to be played again.
import { methods, route } from '#lib/http/route.ts'
import { showPastEvents } from '#lib/live/past.ts'
import { PastStretch } from '#lib/live/past-contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(PastStretch, showPastEvents),
})
