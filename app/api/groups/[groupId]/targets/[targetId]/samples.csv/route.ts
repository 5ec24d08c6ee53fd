// What was measured of one target, as a file for a spreadsheet.
import { methods, route } from '#lib/http/route.ts'
import { openHistory } from '#lib/samples/history.ts'
import { ExportWindow } from '#lib/samples/history-contract.ts'
import { csvNameOf, toCsvText } from '#lib/samples/written-history.ts'
import { InTarget } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InTarget.extend(ExportWindow.shape), openHistory, {
    stream: (history) => ({
      type: 'text/csv; charset=utf-8; header=present',
      fileName: csvNameOf(history),
      chunks: toCsvText(history),
    }),
  }),
})
