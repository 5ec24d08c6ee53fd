// Reads what is left where single results are gone: minutes, or hours, day by day.
import type { Ctx } from '#lib/auth/context.ts'
import { readBuckets } from '#lib/samples/buckets.ts'
import { whileCounting } from '#lib/samples/counting.ts'
import type { Bucket } from '#lib/samples/history-contract.ts'

const DAY_MS = 86_400_000
const MINUTE = 60
const HOUR = 3_600

type Asked = { targetId: string; from: Date; to: Date }

/**
 * `seconds` is how long each is. Nothing where `from` is `to`. Callers have checked the right to the
 * target.
 */
export async function* pageSummaries(
  { db, config }: Pick<Ctx, 'db' | 'config'>,
  { targetId, from, to }: Asked,
): AsyncGenerator<(Bucket & { seconds: number })[]> {
  for (let start = from; start < to; start = endOfDay(start, to)) {
    const day = { from: start, to: endOfDay(start, to) }
    yield await whileCounting(db, async (tx, now) => {
      const minutesSince = now.getTime() - config.MINUTE_RETENTION_DAYS * DAY_MS
      const seconds = start.getTime() >= minutesSince ? MINUTE : HOUR
      const asked = { widthSeconds: seconds, period: { ...day, now }, retention: config }
      const buckets = await readBuckets(tx, targetId, asked)
      return buckets.map((bucket) => ({ ...bucket, seconds }))
    })
  }
}

// Days of UTC, as summaries are packed.
function endOfDay(at: Date, most: Date): Date {
  const end = (Math.floor(at.getTime() / DAY_MS) + 1) * DAY_MS
  return new Date(Math.min(end, most.getTime()))
}
