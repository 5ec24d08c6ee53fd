// My wall at a moment: which cards stood on it, in my order of then.
import { listPastCards } from '#lib/groups/past-cards.ts'
import { WallMoment } from '#lib/groups/past-contract.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({ GET: route(WallMoment, listPastCards) })
