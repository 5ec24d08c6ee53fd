// What was measured of one target, as JSON.
import { methods, route } from '#lib/http/route.ts'
import { openHistory } from '#lib/samples/history.ts'
import { HistoryWindow } from '#lib/samples/history-contract.ts'
import { toJsonText } from '#lib/samples/written-history.ts'
import { InTarget } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InTarget.extend(HistoryWindow.shape), openHistory, {
    stream: (history) => ({ type: 'application/json', chunks: toJsonText(history) }),
  }),
})
