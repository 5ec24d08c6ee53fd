// What the workers measured of themselves: how fine a round trip can be believed.
import { methods, route } from '#lib/http/route.ts'
import { Window } from '#lib/samples/contract.ts'
import { showFloor } from '#lib/samples/floor.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({ GET: route(Window, showFloor) })
