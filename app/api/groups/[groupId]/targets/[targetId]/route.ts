// One target: shows, changes and removes it.
import { methods, noSuchPath, route } from '#lib/http/route.ts'
import { InTarget, TargetPatch } from '#lib/targets/contract.ts'
import { showTarget } from '#lib/targets/read.ts'
import { deleteTarget, patchTarget } from '#lib/targets/write.ts'

export const { GET, PUT, PATCH, DELETE } = methods({
  GET: route(InTarget, showTarget),
  PATCH: route(InTarget.extend(TargetPatch.shape), patchTarget),
  DELETE: route(InTarget, deleteTarget, { status: 204 }),
})

// Nothing is posted to a target; a word in its place would be a deed, and this one is unknown.
export const POST = noSuchPath
