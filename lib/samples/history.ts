// Opens what was measured of one target: each result, page by page, or buckets of them.
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import { AppError } from '#lib/errors.ts'
import type { InTarget } from '#lib/targets/contract.ts'
import { bucketWidthFor } from './bucket-width.ts'
import { readBuckets } from './buckets.ts'
import { whileCounting } from './counting.ts'
import { SLOT_US } from './cover.ts'
import { pageEchoes, readSpans } from './echo-pages.ts'
import { extentOf, type FinestLevel, levelFor } from './finest.ts'
import {
  type Bucket,
  type History,
  type HistoryWindow,
  MAX_POINTS,
  type MeasuredEcho,
} from './history-contract.ts'
import { requirePresent } from './present-target.ts'
import type { Period } from './spans.ts'
import { chartedBoundsAt } from './window.ts'

const HOUR_MS = 3_600_000

/** A history before its items are read: they come page by page, each read when it is asked for. */
export type OpenHistory = {
  head: Omit<History, 'items' | 'next_cursor'>
  pages: AsyncGenerator<(MeasuredEcho | Bucket)[]>
}

/**
 * The history of a present target in [from, to). Throws `not_found` where the group is hidden or has
 * no such target, `invalid` where `from` is not before `to`, where they lie too far apart, or where
 * the buckets asked for would be too many.
 */
export async function openHistory(
  ctx: Ctx,
  { groupId, targetId, ...window }: InTarget & HistoryWindow,
): Promise<OpenHistory> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  return await whileCounting(ctx.db, async (tx, now) => {
    const target = await requirePresent(tx, group.id, targetId)
    const period = { ...chartedBoundsAt(now, window, HOUR_MS), now }
    const spans = await readSpans(tx, target.id, period)
    const extent = extentOf(spans, now)
    const level = levelFor(extent, now, ctx.config)
    const widthSeconds = widthOf(window.resolution, { due: extent.due, period, level })
    const head = { target, from: period.from.toISOString(), to: period.to.toISOString() }
    if (widthSeconds === null) {
      const raw = { resolution: 'raw' as const, bucket_seconds: null }
      return { head: { ...head, ...raw }, pages: pageEchoes(ctx.db, spans) }
    }
    const asked = { period, widthSeconds, retention: ctx.config }
    const buckets = await readBuckets(tx, target.id, asked)
    const wide = { resolution: 'buckets' as const, bucket_seconds: widthSeconds }
    return { head: { ...head, ...wide }, pages: onePage(buckets) }
  })
}

async function* onePage<Item>(items: Item[]): AsyncGenerator<Item[]> {
  yield items
}

type Held = { due: number; period: Period; level: FinestLevel }

// Null stands for each single result. Of what summaries alone tell buckets are whole slots.
function widthOf(
  resolution: HistoryWindow['resolution'],
  { due, period: { from, to }, level }: Held,
): number | null {
  if (resolution === 'raw') return null
  const rangeSeconds = (to.getTime() - from.getTime()) / 1000
  const usual = bucketWidthFor(rangeSeconds, MAX_POINTS)
  if (resolution === 'auto' && level === 'sample' && due <= MAX_POINTS) return null
  if (resolution !== 'auto' && rangeSeconds / resolution > MAX_POINTS) {
    const message = `at most ${MAX_POINTS} buckets, such as those of ${usual} s`
    throw new AppError('invalid', `resolution: ${message}`, {
      issues: [{ path: 'resolution', message }],
    })
  }
  const width = resolution === 'auto' ? usual : resolution
  const slotSeconds = level === 'sample' ? 1 : SLOT_US[level] / 1_000_000
  return Math.ceil(width / slotSeconds) * slotSeconds
}
