// One card of my wall: puts a group there, takes it off.
import { putCard, removeCard } from '#lib/groups/write.ts'
import { methods, route } from '#lib/http/route.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  PUT: route(InGroup, putCard),
  DELETE: route(InGroup, removeCard, { status: 204 }),
})
