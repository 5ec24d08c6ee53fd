// What the world sees of a group's matrix: its targets by time, cell by cell, in columns.
import { z } from 'zod'
import { pageLimit } from '#lib/page.ts'
import { TargetPage } from '#lib/targets/contract.ts'
import { Column, Window } from './contract.ts'

/** No screen tells more of them apart. */
const MOST_COLUMNS = 240

export const MatrixWindow = Window.extend({
  /** At most so many buckets of equal width reach over the window. */
  columns: pageLimit({ most: MOST_COLUMNS, fallback: 120 }),
  /** The last answer's `next_cursor`; ask with its `from` and `to`, so that the columns are the same. */
  cursor: TargetPage.shape.cursor,
  /** Of targets; a page may hold fewer. */
  limit: pageLimit({ most: 1_000, fallback: 1_000 }),
})
export type MatrixWindow = z.infer<typeof MatrixWindow>

/**
 * A target with a number for each column, as `Figures` counts: where nothing was due all are 0,
 * where nothing was measured `not_measured` alone is not. `outage_ms` is the longest outage within
 * the column, `p50_us` the median round trip in µs, −1 where nothing was answered.
 */
export const MatrixRow = z.strictObject({
  id: z.uuid(),
  n: z.int(),
  host: z.string(),
  label: z.string(),
  sent: Column,
  received: Column,
  not_measured: Column,
  outage_ms: Column,
  p50_us: Column,
})
export type MatrixRow = z.infer<typeof MatrixRow>

/**
 * The group's present targets in the order of the wall, a page of them. Column i is the time from
 * `at[i]` to `at[i + 1]`, the last one to `to`; columns begin at multiples of their width since 1970,
 * the first where the window does.
 */
export const Matrix = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  bucket_seconds: z.int(),
  at: z.array(z.iso.datetime()),
  targets: z.array(MatrixRow),
  next_cursor: z.string().nullable(),
})
export type Matrix = z.infer<typeof Matrix>
