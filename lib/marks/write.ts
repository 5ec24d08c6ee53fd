// Marks a change in a group, takes a mark away, brings it back.
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { recordAudit } from '#lib/audit/write.ts'
import { requireUser } from '#lib/auth/access.ts'
import type { Ctx, TxCtx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { inTransaction, type Tx } from '#lib/db/client.ts'
import { marks } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import { type InMark, type Mark, MOST_MARKS, type NewMark, type RestoreMarks } from './contract.ts'
import { readMarks } from './read.ts'

/** `isNew` is false where the same request had made the mark before. */
export type Marking = { isNew: boolean; mark: Mark }

/**
 * Marks a moment. The same id again in its group changes nothing. Throws `conflict` for an id that
 * is taken elsewhere, or was taken away, and where the group has all the marks it may have.
 */
export async function makeMark(ctx: Ctx, input: InGroup & NewMark): Promise<Marking> {
  const { userId } = requireUser(ctx)
  return await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, input.groupId, 'editor')
    const { id = newId(), at = sql`date_trunc('milliseconds', clock_timestamp())`, text } = input
    const made = await inner.tx
      .insert(marks)
      .values({ id, groupId: group.id, at, text, madeBy: userId })
      .onConflictDoNothing()
      .returning({ id: marks.id })
    const [mark] = await readMarks(inner.tx, group.id, [id])
    if (!mark) throw new AppError('conflict', 'Another mark has this id.')
    if (made.length === 0) return { isNew: false, mark }
    await checkCount(inner.tx, group.id)
    const facts = { mark: mark.id, at: mark.at, text: mark.text }
    await recordAndAnnounce(inner, 'mark.made', group.id, facts)
    return { isNew: true, mark }
  })
}

/** Takes a mark away; it can be brought back. Throws `not_found` where the group has no such mark. */
export async function deleteMark(ctx: Ctx, { groupId, markId }: InMark): Promise<void> {
  await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, groupId, 'editor')
    const gone = await inner.tx
      .update(marks)
      .set({ deletedAt: sql`clock_timestamp()` })
      .where(and(isOf(group.id, [markId]), isNull(marks.deletedAt)))
      .returning({ id: marks.id })
    if (gone.length === 0) throw noSuchMark()
    await recordAndAnnounce(inner, 'mark.removed', group.id, { mark: markId })
  })
}

/**
 * Brings marks back that were taken away; those that are there are left as they are. Throws
 * `not_found` where one was never of this group, `conflict` where they would be too many.
 */
export async function restoreMarks(
  ctx: Ctx,
  { groupId, mark_ids }: InGroup & RestoreMarks,
): Promise<{ marks: Mark[] }> {
  return await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, groupId, 'editor')
    const ids = [...new Set(mark_ids)]
    if ((await inner.tx.$count(marks, isOf(group.id, ids))) < ids.length) throw noSuchMark()
    const back = await inner.tx
      .update(marks)
      .set({ deletedAt: null })
      .where(and(isOf(group.id, ids), isNotNull(marks.deletedAt)))
      .returning({ id: marks.id })
    if (back.length === 0) return { marks: [] }
    await checkCount(inner.tx, group.id)
    const restored = back.map(({ id }) => id)
    await recordAndAnnounce(inner, 'mark.restored', group.id, { marks: restored })
    return { marks: await readMarks(inner.tx, group.id, restored) }
  })
}

async function checkCount(tx: Tx, groupId: string): Promise<void> {
  const isThere = and(eq(marks.groupId, groupId), isNull(marks.deletedAt))
  if ((await tx.$count(marks, isThere)) <= MOST_MARKS) return
  throw new AppError('conflict', `A group has at most ${MOST_MARKS} marks.`)
}

async function recordAndAnnounce(
  { tx, actor, channels }: TxCtx,
  action: string,
  groupId: string,
  facts: Parameters<typeof recordAudit>[4],
): Promise<void> {
  await recordAudit(tx, actor, action, groupId, facts)
  await channels.groupSend(groupOfWatchers(groupId), { type: 'marks.changed' }, { tx })
}

function isOf(groupId: string, ids: string[]) {
  return and(eq(marks.groupId, groupId), inArray(marks.id, ids))
}

function noSuchMark(): AppError {
  return new AppError('not_found', 'There is no such mark in this group.')
}
