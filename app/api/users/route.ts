// Lists all accounts and makes one; for administrators.
import { NewUser, PageQuery } from '#lib/accounts/contract.ts'
import { listUsers } from '#lib/accounts/read.ts'
import { createUser } from '#lib/accounts/write.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(PageQuery, listUsers),
  POST: route(NewUser, createUser, { status: 201 }),
})
