// When a target was dark.
import { methods, route } from '#lib/http/route.ts'
import { OutagePage } from '#lib/samples/contract.ts'
import { listOutages } from '#lib/samples/outage-list.ts'
import { InTarget } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InTarget.extend(OutagePage.shape), listOutages),
})
