// How well each target of a group answered in a window of time, as a file for a spreadsheet.
import { methods, route } from '#lib/http/route.ts'
import { RateWindow } from '#lib/samples/contract.ts'
import { rateFileName, readRateTable, toRateCsv } from '#lib/samples/rate-table.ts'
import { InGroup } from '#lib/targets/contract.ts'

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(InGroup.extend(RateWindow.shape), readRateTable, {
    stream: (table) => ({
      type: 'text/csv; charset=utf-8; header=present',
      fileName: rateFileName(table),
      chunks: toRateCsv(table),
    }),
  }),
})
