// A group as the wall showed it at a moment.
import { methods, route } from '#lib/http/route.ts'
import { showPast } from '#lib/live/past.ts'
import { PastMoment } from '#lib/live/past-contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({ GET: route(PastMoment, showPast) })
