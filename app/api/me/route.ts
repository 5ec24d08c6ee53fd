// The person who asks: shows and changes them.
import { z } from 'zod'
import { MyChanges } from '#lib/accounts/contract.ts'
import { readMe } from '#lib/accounts/read.ts'
import { changeMe } from '#lib/accounts/write.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(z.strictObject({}), readMe),
  PATCH: route(MyChanges, changeMe),
})
