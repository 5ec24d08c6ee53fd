// Which other targets of the group are compared, as the URL says it.

/** More lines than these are told apart by nobody. */
export const MOST_OTHERS = 5

export function readOthers(parameters: Pick<URLSearchParams, 'get'>): string[] {
  const ids = (parameters.get('with') ?? '').split(',').filter((id) => id !== '')
  return [...new Set(ids)].slice(0, MOST_OTHERS)
}

export function writeOthers(ids: readonly string[]): { with: string | null } {
  return { with: ids.length > 0 ? ids.join(',') : null }
}
