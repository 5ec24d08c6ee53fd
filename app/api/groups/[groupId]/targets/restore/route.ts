// Brings removed targets back.
import { methods, route } from '#lib/http/route.ts'
import { InGroup, RestoreTargets } from '#lib/targets/contract.ts'
import { restoreTargets } from '#lib/targets/write.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(InGroup.extend(RestoreTargets.shape), restoreTargets),
})
