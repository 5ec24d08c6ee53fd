// One mark: takes it away.
import { methods, noSuchPath, route } from '#lib/http/route.ts'
import { InMark } from '#lib/marks/contract.ts'
import { deleteMark } from '#lib/marks/write.ts'

export const { GET, PUT, PATCH, DELETE } = methods({
  DELETE: route(InMark, deleteMark, { status: 204 }),
})

// Nothing is posted to a mark; a word in its place would be a deed, and this one is unknown.
export const POST = noSuchPath
