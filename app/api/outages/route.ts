// When anything on my wall was dark.
import { WallOutages } from '#lib/groups/past-contract.ts'
import { listWallOutages } from '#lib/groups/wall-outages.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(WallOutages, listWallOutages, { body: (items) => ({ items, next_cursor: null }) }),
})
