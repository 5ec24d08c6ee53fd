// Lists the groups I may see, and makes one.
import { GroupPage, NewGroup } from '#lib/groups/contract.ts'
import { listGroups } from '#lib/groups/read.ts'
import { createGroup } from '#lib/groups/write.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(GroupPage, listGroups),
  POST: route(NewGroup, createGroup, {
    status: ({ isNew }) => (isNew ? 201 : 200),
    body: ({ group }) => group,
  }),
})
