// The marks of a group: what was changed, and when.
import { methods, route } from '#lib/http/route.ts'
import { NewMark } from '#lib/marks/contract.ts'
import { listMarks } from '#lib/marks/read.ts'
import { makeMark } from '#lib/marks/write.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InGroup, listMarks),
  POST: route(InGroup.extend(NewMark.shape), makeMark, {
    status: ({ isNew }) => (isNew ? 201 : 200),
    body: ({ mark }) => mark,
  }),
})
