// Brings marks back that were taken away.
import { methods, route } from '#lib/http/route.ts'
import { RestoreMarks } from '#lib/marks/contract.ts'
import { restoreMarks } from '#lib/marks/write.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(InGroup.extend(RestoreMarks.shape), restoreMarks),
})
