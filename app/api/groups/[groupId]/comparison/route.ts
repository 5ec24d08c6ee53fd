// Two windows of a group laid over each other: what became better, worse, or stayed.
import { ComparisonWindow } from '#lib/comparison/contract.ts'
import { compareWindows } from '#lib/comparison/read.ts'
import { methods, route } from '#lib/http/route.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InGroup.extend(ComparisonWindow.shape), compareWindows),
})
