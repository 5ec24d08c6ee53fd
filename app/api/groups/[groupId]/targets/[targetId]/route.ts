// One target: shows, changes and removes it.
import { methods, route } from '#lib/http/route.ts'
import { InTarget, TargetPatch } from '#lib/targets/contract.ts'
import { getTarget } from '#lib/targets/read.ts'
import { deleteTarget, patchTarget } from '#lib/targets/write.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InTarget, getTarget),
  PATCH: route(InTarget.extend(TargetPatch.shape), patchTarget),
  DELETE: route(InTarget, deleteTarget, { status: 204 }),
})
