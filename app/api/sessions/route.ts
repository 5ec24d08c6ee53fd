// Lists where the asking person is signed in.
import { PageQuery } from '#lib/accounts/contract.ts'
import { listSessions } from '#lib/accounts/read.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({ GET: route(PageQuery, listSessions) })
