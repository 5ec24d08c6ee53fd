// Makes a group once: the first request inserts it, every repetition finds it.
import { and, eq, isNull, sql } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import type { Tx } from '#lib/db/client.ts'
import { groups } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import { DEFAULT_PARAMETERS, type MyGroup, type NewGroup } from './contract.ts'
import { toColumns } from './parameters.ts'
import { readMyGroup } from './read.ts'

/** Undefined where the id is taken. A request that comes twice at once waits here for the first. */
export async function insertGroup(tx: Tx, ownerId: string, { id, name, parameters }: NewGroup) {
  const [row] = await tx
    .insert(groups)
    .values({
      id: id ?? newId(),
      ownerId,
      name,
      visibility: 'private',
      ...toColumns({ ...DEFAULT_PARAMETERS, ...parameters }),
    })
    .onConflictDoNothing()
    .returning()
  return row
}

/** What an earlier request with this id made. Throws `conflict` where it is not this person's, or deleted. */
export async function findOwn(tx: Tx, userId: string, id: string | undefined): Promise<MyGroup> {
  const [own] = await tx
    .select({ id: groups.id })
    .from(groups)
    .where(
      and(sql`${groups.id} = ${id ?? null}`, eq(groups.ownerId, userId), isNull(groups.deletedAt)),
    )
  if (!own) throw new AppError('conflict', 'This id is taken. Make the group with another one.')
  return await readMyGroup(tx, own.id, 'owner')
}
