// Opens the proof of a window: what was measured of one target, and how, for somebody else.
import { requireUser } from '#lib/auth/access.ts'
import type { Ctx, UserActor } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { readMarks } from '#lib/marks/read.ts'
import { bucketWidthFor } from '#lib/samples/bucket-width.ts'
import type { Outage } from '#lib/samples/contract.ts'
import { whileCounting } from '#lib/samples/counting.ts'
import { readFloor } from '#lib/samples/floor.ts'
import { openHistory } from '#lib/samples/history.ts'
import type { Bucket, MeasuredEcho } from '#lib/samples/history-contract.ts'
import { listOutages } from '#lib/samples/outage-list.ts'
import { requirePresent } from '#lib/samples/present-target.ts'
import { rawSince } from '#lib/samples/retention.ts'
import type { Period } from '#lib/samples/spans.ts'
import { readRates } from '#lib/samples/success-rate.ts'
import { type Bounds, boundsAt } from '#lib/samples/window.ts'
import type { InTarget } from '#lib/targets/contract.ts'
import { PENDING_MS } from '#lib/vocabulary.ts'
import manifest from '../../package.json' with { type: 'json' }
import { MOST_PROOF_DAYS, MOST_PROOF_ROWS, type ProofWindow } from './contract.ts'
import { type Facts, floorFiguresOf, type Shown } from './facts.ts'
import { readRuns } from './runs.ts'
import { pageSummaries } from './summary-pages.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** What a page of paper shows side by side. */
const MOST_BUCKETS = 300
const MOST_OUTAGES = 10_000
/** A flush comes four times a second. */
const STORED_AFTER_MS = 1_000

/** A proof before its results are read: they come page by page, each read when it is asked for. */
export type OpenProof = Shown & {
  actor: UserActor
  echoes: AsyncGenerator<MeasuredEcho[]>
  /** Minutes or hours of the time before single results are kept. */
  summaries: AsyncGenerator<SummedTime[]>
}
export type SummedTime = Bucket & { seconds: number }

/**
 * The proof of [from, to) for a person, cut where results may still come. Its figures are those of
 * the success rate. Throws `not_found` where the group is hidden or has no such target, `invalid`
 * where the window is none, too long, or holds too many results.
 */
export async function openProof(
  ctx: Ctx,
  { groupId, targetId, time_zone, ...window }: InTarget & ProofWindow,
): Promise<OpenProof> {
  const actor = requireUser(ctx)
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  const { facts, period } = await whileCounting(ctx.db, async (tx, now) => {
    const target = await requirePresent(tx, group.id, targetId)
    const settled = new Date(now.getTime() - group.timeoutMs - PENDING_MS - STORED_AFTER_MS)
    const period = { ...boundsOfProof(window, settled), now }
    const read = await readFacts({ tx, ctx }, { groupId: group.id, targetId, period })
    const about = { target, group: { id: group.id, name: group.name } }
    const made = { made_at: now.toISOString(), made_by: personOf(actor), time_zone }
    return { facts: { ...about, ...made, ...read }, period }
  })
  const { from, to } = period
  const asked = { groupId: group.id, targetId, from, to }
  const since = dateOf(facts.single_results_since) ?? from
  const marks = (await readMarks(ctx.db, group.id)).filter(
    ({ at }) => at >= facts.from && at < facts.to,
  )
  const outages = await readOutages(ctx, asked)
  const { head, pages } = await openHistory(ctx, { ...asked, resolution: widthFor(period) })
  return {
    facts: { ...facts, marks: marks.reverse() },
    ...outages,
    buckets: (await allOf(pages)).flatMap((item) => ('sent' in item ? [item] : [])),
    bucketSeconds: head.bucket_seconds ?? 1,
    actor,
    echoes:
      since < to
        ? echoesOf(await openHistory(ctx, { ...asked, from: since, resolution: 'raw' }))
        : none(),
    summaries: pageSummaries(ctx, { targetId, from, to: since }),
  }
}

function boundsOfProof(window: Pick<ProofWindow, 'from' | 'to'>, settled: Date): Bounds {
  const bounds = boundsAt(settled, window, HOUR_MS)
  const to = earlierOf(bounds.to, settled)
  if (bounds.from >= to) throw refusal('from', 'a time before now, of which results are there')
  if (to.getTime() - bounds.from.getTime() > MOST_PROOF_DAYS * DAY_MS) {
    throw refusal('from', `a time at most ${MOST_PROOF_DAYS} days before \`to\``)
  }
  return { from: bounds.from, to }
}

type Reading = { tx: Pick<Db, 'execute'>; ctx: Ctx }
type Asked = { groupId: string; targetId: string; period: Period }

async function readFacts({ tx, ctx }: Reading, { groupId, targetId, period }: Asked) {
  const { from, to, now } = period
  const { group: figures } = await readRates(
    tx,
    { groupId, targetId, retention: ctx.config },
    period,
  )
  if (figures.sent > MOST_PROOF_ROWS) {
    const most = MOST_PROOF_ROWS.toLocaleString('en')
    throw refusal('from', `a window of at most ${most} results; this one has more`)
  }
  const kept = rawSince(now, ctx.config)
  const { points } = await readFloor(tx, period)
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    installation: ctx.config.BASE_URL,
    software: `Echowall ${manifest.version}`,
    figures,
    single_results_since: kept <= from ? null : earlierOf(kept, to).toISOString(),
    runs: await readRuns(tx, targetId, period),
    floor: floorFiguresOf(points),
  } satisfies Partial<Facts>
}

async function readOutages(ctx: Ctx, asked: InTarget & { from: Date; to: Date }) {
  const outages: Outage[] = []
  let cursor: Date | undefined
  do {
    const page = await listOutages(ctx, { ...asked, cursor, limit: 1_000 })
    outages.push(...page.items)
    cursor = dateOf(page.next_cursor)
  } while (cursor && outages.length < MOST_OUTAGES)
  return { outages, areAllOutages: cursor === undefined }
}

function widthFor({ from, to }: Period): number {
  return bucketWidthFor((to.getTime() - from.getTime()) / 1000, MOST_BUCKETS)
}

async function* echoesOf({ pages }: Awaited<ReturnType<typeof openHistory>>) {
  for await (const page of pages) yield page.flatMap((item) => ('outcome' in item ? [item] : []))
}

async function* none(): AsyncGenerator<never[]> {}

async function allOf<Item>(pages: AsyncGenerator<Item[]>): Promise<Item[]> {
  const all: Item[] = []
  for await (const page of pages) all.push(...page)
  return all
}

const earlierOf = (a: Date, b: Date) => new Date(Math.min(a.getTime(), b.getTime()))
const personOf = ({ employeeNo, name }: UserActor) => ({ employee_no: employeeNo, name })
const dateOf = (iso: string | null) => (iso === null ? undefined : new Date(iso))

function refusal(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })
}
