// One group: shows, changes and deletes it.
import { GroupPatch } from '#lib/groups/contract.ts'
import { showGroup } from '#lib/groups/read.ts'
import { deleteGroup, patchGroup } from '#lib/groups/write.ts'
import { methods, route } from '#lib/http/route.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InGroup, showGroup),
  PATCH: route(InGroup.extend(GroupPatch.shape), patchGroup),
  DELETE: route(InGroup, deleteGroup, { status: 204 }),
})
