// Writes how well each target of a group answered as a table for a spreadsheet.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import { Figures, type RateWindow, type SuccessRate } from './contract.ts'
import { showSuccessRate } from './success-rate.ts'
import { csvLine } from './written-history.ts'

/** A success rate with the name of its group, and the labels of its targets by their ids. */
export type RateTable = { name: string; rate: SuccessRate; labels: ReadonlyMap<string, string> }

/** Throws what `showSuccessRate` throws. */
export async function readRateTable(ctx: Ctx, input: InGroup & RateWindow): Promise<RateTable> {
  const { group } = await requireGroup(ctx, input.groupId, 'viewer')
  const rate = await showSuccessRate(ctx, input)
  const rows = await ctx.db.execute<{ id: string; label: string }>(
    sql`select id, label from targets where group_id = ${group.id} and label <> ''`,
  )
  return { name: group.name, rate, labels: new Map(rows.map(({ id, label }) => [id, label])) }
}

const COLUMNS = Figures.keyof().options
/** Lines that are sent in one piece. */
const STEP = 1_000

/** CSV (RFC 4180) with a header row: a line for each target, in the order of the wall. */
export async function* toRateCsv({ rate, labels }: RateTable): AsyncGenerator<string> {
  const { floor_time, time_range, targets } = rate
  yield csvLine(['floor_time', 'time_range', 'host', 'label', ...COLUMNS])
  for (let i = 0; i < targets.length; i += STEP) {
    const lines = targets.slice(i, i + STEP).map((target) => {
      const figures = COLUMNS.map((column) => target[column])
      return csvLine([floor_time, time_range, target.host, labels.get(target.id) ?? '', ...figures])
    })
    yield lines.join('')
  }
}

/** A file's name of plain letters: the group as far as it has some, and when the window begins. */
export function rateFileName({ name, rate }: RateTable): string {
  const plain = name.normalize('NFKD').replaceAll(/[^A-Za-z0-9]+/g, '-')
  const words = plain.replaceAll(/^-|-$/g, '') || 'group'
  return `${words}-${rate.floor_time.replaceAll(/[:-]|\.\d+/g, '')}.csv`
}
