// Makes the first administrator for whoever holds the set-up link.
import { FirstAdministrator } from '#lib/accounts/contract.ts'
import { setUp } from '#lib/accounts/setup.ts'
import { methods, route } from '#lib/http/route.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(FirstAdministrator, setUp, { status: 201, isOpen: true }),
})
