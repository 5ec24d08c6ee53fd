// Asks the wall for its list dialog, from wherever a list was pasted, dropped or wanted.
import { createNotice } from '../_ui/notice.ts'

export type ListRequest = {
  text: string
  /** The group that the addresses are for; undefined for a new one. */
  groupId: string | undefined
}

export const listRequests = createNotice<ListRequest>()

export function askForList(request: ListRequest): void {
  listRequests.give(request)
}
