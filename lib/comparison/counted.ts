// Counts the windows of a comparison: each target, its blocks, all together, and the floor.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Figures } from '#lib/samples/contract.ts'
import { countFinest } from '#lib/samples/finest.ts'
import { readFloor } from '#lib/samples/floor.ts'
import type { Retention } from '#lib/samples/retention.ts'
import type { Period } from '#lib/samples/spans.ts'
import { type Blocks, countBlocks } from './blocks.ts'
import { medianOf } from './shift.ts'

/** Enough for a verdict among ten thousand, and few enough to be unlike each other. */
const BLOCKS_OF_TARGET = 24
/** What a chart of the group shows. */
export const BLOCKS_OF_GROUP = 60

export type Counting = { tx: Pick<Db, 'execute'>; groupId: string; retention: Retention }
export type Row = { id: string; n: number; host: string; label: string }
export type CountedWindow = { all: Figures; byN: ReadonlyMap<number, Figures>; blocks: Blocks }

const presentIn = (groupId: string) =>
  sql`targets where group_id = ${groupId} and deleted_at is null`

export async function readTargets(tx: Counting['tx'], groupId: string): Promise<Row[]> {
  return await tx.execute<Row>(
    sql`select id, n, host, label from ${presentIn(groupId)} order by position, n`,
  )
}

/** Callers have checked the right to the group, here and below. */
export async function countWindow(
  { tx, groupId, retention }: Counting,
  period: Period,
): Promise<CountedWindow> {
  const targets = sql`(select id, n from ${presentIn(groupId)})`
  const { all, byN } = await countFinest(tx, { targets, period, retention })
  const asked = { targets, period, retention, count: BLOCKS_OF_TARGET, isByTarget: true }
  return { all, byN, blocks: await countBlocks(tx, asked) }
}

/** Those with these ids, block by block. */
export async function countTogether(
  { tx, groupId, retention }: Counting,
  period: Period,
  ids: string[],
): Promise<Blocks> {
  const targets = sql`(select id, n from ${presentIn(groupId)}
    and id = any(${sql.param(ids)}::uuid[]))`
  const asked = { targets, period, retention, count: BLOCKS_OF_GROUP, isByTarget: false }
  return await countBlocks(tx, asked)
}

/**
 * Of each window the usual reading, of both the worse: a moment in which the worker was late is no
 * reason to doubt the rest. Null where nothing was read.
 */
export async function floorOf(tx: Counting['tx'], ...windows: Period[]): Promise<number | null> {
  const usual: number[] = []
  for (const window of windows) {
    const { points } = await readFloor(tx, window)
    const medians = points.flatMap(({ median_ms }) => median_ms ?? []).sort((a, b) => a - b)
    if (medians.length > 0) usual.push(medianOf(medians))
  }
  return usual.length > 0 ? Math.max(...usual) : null
}
