// Asks the wall for the success rate of a group, from wherever it was wanted.
import { createNotice } from '../_ui/notice.ts'

export const rateRequests = createNotice<{ groupId: string }>()

export function askForRate(groupId: string): void {
  rateRequests.give({ groupId })
}
