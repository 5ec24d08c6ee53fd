// Stops every target of a group.
import { stopGroup } from '#lib/groups/write.ts'
import { methods, route } from '#lib/http/route.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({ POST: route(InGroup, stopGroup) })
