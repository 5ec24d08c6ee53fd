// A followed group whose readings are answered by hand, and what it then sends.
import { expect } from 'vitest'
import { createFollowedGroup } from '#lib/live/consumers/followed-group.ts'
import type { Outbox } from '#lib/live/outbox.ts'
import type { EncodedSnapshot } from '#lib/live/read-snapshot.ts'
import { textOf } from '#lib/live/shared-frame.ts'
import { createLog } from '#lib/log.ts'
import { until } from '../support/until.ts'

export const AT = ['10:00:00', '10:00:01', '10:00:02', '10:00:03'].map(
  (t) => `2026-11-22T${t}.000Z`,
)

/** A group whose snapshots and replays are answered by hand and whose outbox writes what it is given. */
export function follow(since?: string) {
  const sent: string[] = []
  const asked: (string | undefined)[] = []
  const wanted: number[][] = []
  const strips: ((frames: string[]) => void)[] = []
  const failures: ((error: Error) => void)[] = []
  const answers: ((snapshot: EncodedSnapshot | undefined) => void)[] = []
  const state = { maySend: true, isRoomy: true, ended: 0 }
  const outbox: Outbox = {
    offer(frame) {
      if (state.isRoomy) sent.push(textOf(frame))
      return state.isRoomy
    },
    insist: (frame) => void sent.push(textOf(frame)),
    async inTurn(make) {
      const frame = make()
      if (frame !== undefined) sent.push(textOf(frame))
      return frame !== undefined
    },
    keepsUp: () => state.isRoomy,
    drained: () => Promise.resolve(true),
    recall() {},
    lastWriteMs: () => 0,
    close() {},
  }
  const group = createFollowedGroup({
    groupId: 'g',
    role: 'viewer',
    wish: { since, replay: 'last' },
    snapshots: {
      read(_, { since }) {
        asked.push(since)
        return new Promise((resolve) => answers.push(resolve))
      },
      replay(_, n) {
        wanted.push([...n])
        return new Promise((resolve, reject) => {
          strips.push(resolve)
          failures.push(reject)
        })
      },
    },
    outbox,
    log: createLog('silent'),
    maySend: () => state.maySend,
    onEnded: () => {
      state.ended += 1
    },
    onFault: (error) => expect.fail(String(error)),
  })
  const answer = (cursor: string) => {
    const rest = Promise.resolve({ frames: [], cursor })
    answers.shift()?.({ first: '{"s":1}', rest })
  }
  const isAsked = (times: number) => until(() => asked.length === times)
  return { group, sent, asked, answers, answer, state, isAsked, wanted, strips, failures }
}

/** As a reader gets it whose snapshot was answered. */
export const SNAPSHOT = '{"role":"viewer","s":1}'
