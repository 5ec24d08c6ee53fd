// A group's targets: lists them, and adds a pasted list.
import { methods, route } from '#lib/http/route.ts'
import { InGroup, NewTargets, TargetPage } from '#lib/targets/contract.ts'
import { listTargets } from '#lib/targets/read.ts'
import { addTargets } from '#lib/targets/write.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InGroup.extend(TargetPage.shape), listTargets),
  POST: route(InGroup.extend(NewTargets.shape), addTargets, {
    status: ({ added }) => (added.length > 0 ? 201 : 200),
  }),
})
