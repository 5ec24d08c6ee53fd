// Which targets of a group lost echoes when.
import { methods, route } from '#lib/http/route.ts'
import { showMatrix } from '#lib/samples/matrix.ts'
import { MatrixWindow } from '#lib/samples/matrix-contract.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InGroup.extend(MatrixWindow.shape), showMatrix),
})
