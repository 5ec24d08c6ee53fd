// One page of a list: how it is asked for, and how it answers.
import { z } from 'zod'

export type Page<Item> = { items: Item[]; next_cursor: string | null }

/** How many items a page may hold; out of a query, so it comes as text. */
export const pageLimit = ({ most, fallback }: { most: number; fallback: number }) =>
  z.coerce.number().int().min(1).max(most).default(fallback)

/**
 * A page out of `limit + 1` rows: that the last one exists means that there is a next page, which
 * begins after what `cursorOf` says of the last item shown.
 */
export function toPage<Item>(
  rows: Item[],
  limit: number,
  cursorOf: (last: Item) => string,
): Page<Item> {
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next_cursor: last === undefined ? null : cursorOf(last) }
}
