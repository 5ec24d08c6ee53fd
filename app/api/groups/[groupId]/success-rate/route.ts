// How well a group answered in a window of time.
import { methods, route } from '#lib/http/route.ts'
import { RateWindow } from '#lib/samples/contract.ts'
import { showSuccessRate } from '#lib/samples/success-rate.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InGroup.extend(RateWindow.shape), showSuccessRate),
})
