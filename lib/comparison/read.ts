// Compares two windows of a group: their figures, and what became of each target.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Figures } from '#lib/samples/contract.ts'
import { whileCounting } from '#lib/samples/counting.ts'
import { NO_FIGURES } from '#lib/samples/figures.ts'
import type { Period } from '#lib/samples/spans.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import type { Blocks } from './blocks.ts'
import { deviateFor } from './confidence.ts'
import type {
  Block,
  Change,
  ComparedTarget,
  ComparedWindow,
  Comparison,
  ComparisonWindow,
  Verdict,
} from './contract.ts'
import {
  BLOCKS_OF_GROUP,
  type CountedWindow,
  countTogether,
  countWindow,
  floorOf,
  type Row,
  readTargets,
} from './counted.ts'
import type { Parts } from './loss-change.ts'
import { judge, type Strictness, type Verdicts } from './verdict.ts'
import { windowsOf } from './windows.ts'

/** So many targets are judged in one go, a few milliseconds. */
const GO = 100

/**
 * The group's two windows and each of its present targets in both. Throws `invalid` where windows
 * are no windows or hold more than can be counted.
 */
export async function compareWindows(
  ctx: Ctx,
  { groupId, ...asked }: InGroup & ComparisonWindow,
): Promise<Comparison> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  return await whileCounting(ctx.db, async (tx, now) => {
    const { at, before, after } = windowsOf(asked, now)
    const rows = await readTargets(tx, group.id)
    const counting = { tx, groupId: group.id, retention: ctx.config }
    const [earlier, later] = [
      await countWindow(counting, before),
      await countWindow(counting, after),
    ]
    const floorMs = await floorOf(tx, before, after)
    const strictness = { deviate: deviateFor(3 * (rows.length + 1)), floorMs: floorMs ?? 0 }
    const targets = await judgeEach(rows, { earlier, later }, strictness)
    const compared = targets.filter(({ before, after }) => before.sent > 0 && after.sent > 0)
    const ids = compared.map(({ id }) => id)
    const together = {
      before: await countTogether(counting, before, ids),
      after: await countTogether(counting, after, ids),
    }
    return {
      at: at?.toISOString() ?? null,
      before: toWindow(before, earlier.all, together.before),
      after: toWindow(after, later.all, together.after),
      ...judgeTogether(together.before, together.after, strictness),
      compared: compared.length,
      counts: countsOf(targets),
      floor_ms: floorMs,
      targets,
    }
  })
}

async function judgeEach(
  rows: readonly Row[],
  { earlier, later }: { earlier: CountedWindow; later: CountedWindow },
  strictness: Strictness,
): Promise<ComparedTarget[]> {
  const judged: ComparedTarget[] = []
  for (const [i, { n, ...target }] of rows.entries()) {
    if (i % GO === GO - 1) await nextTurn()
    const before = earlier.byN.get(n) ?? NO_FIGURES
    const after = later.byN.get(n) ?? NO_FIGURES
    const verdicts = judge(partsOf(earlier.blocks, n), partsOf(later.blocks, n), strictness)
    judged.push({ ...target, ...verdicts, before, after, change: changeOf(before, after) })
  }
  return judged
}

// A change of all figures is told only where most parts agree with it.
function judgeTogether(
  before: Blocks,
  after: Blocks,
  strictness: Strictness,
): Verdicts & { change: Change } {
  const change = changeOf(before.all, after.all)
  const judged = judge(partsOf(before, 0), partsOf(after, 0), strictness)
  const { loss, p50, p95 } = judged.verdicts
  const verdicts = { loss, p50: agreed(p50, change.p50_ms), p95: agreed(p95, change.p95_ms) }
  const roundTrips = verdicts.p50 === 'unchanged' ? verdicts.p95 : verdicts.p50
  return { verdict: loss === 'unchanged' ? roundTrips : loss, verdicts, change }
}

function agreed(verdict: Verdict, change: number | null): Verdict {
  if (verdict !== 'worse' && verdict !== 'better') return verdict
  return Math.sign(change ?? 0) === (verdict === 'worse' ? 1 : -1) ? verdict : 'unchanged'
}

function changeOf(before: Figures, after: Figures): Change {
  const of = (name: keyof Change) => {
    const [earlier, later] = [before[name], after[name]]
    return earlier === null || later === null ? null : later - earlier
  }
  return {
    success_rate: of('success_rate'),
    p50_ms: of('p50_ms'),
    p95_ms: of('p95_ms'),
  }
}

function partsOf({ byN, blockMinutes }: Blocks, n: number): Parts<Figures> {
  return { parts: (byN.get(n) ?? []).map(({ figures }) => figures), partMinutes: blockMinutes }
}

function toWindow({ from, to }: Period, figures: Figures, { byN }: Blocks): ComparedWindow {
  const width = (to.getTime() - from.getTime()) / BLOCKS_OF_GROUP
  const timeOf = (place: number) => new Date(from.getTime() + place * width).toISOString()
  const blocks = (byN.get(0) ?? []).map(({ place, figures }): Block => {
    const { sent, lost, p50_ms, p95_ms } = figures
    return { from: timeOf(place), to: timeOf(place + 1), sent, lost, p50_ms, p95_ms }
  })
  return { from: from.toISOString(), to: to.toISOString(), ...figures, blocks }
}

function countsOf(targets: readonly ComparedTarget[]): Record<Verdict, number> {
  const counts = { worse: 0, better: 0, unchanged: 0, unknown: 0 }
  for (const { verdict } of targets) counts[verdict] += 1
  return counts
}
