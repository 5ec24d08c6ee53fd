// Many readers in a process of their own: of the wall, or of the bare loop.
import type { Person } from '../support/person.ts'
import { type Child, startChild } from './children.ts'
import type { ClientsTask } from './live-clients.ts'

/** Resolves when every reader is open. */
export async function openReaders(task: ClientsTask): Promise<Child> {
  const readers = startChild('./live-clients.ts')
  await readers.ask({ open: task })
  return readers
}

/** The person's readers of the wall, each of its topic; one without a topic is merely connected. */
export function readersOfWall(
  url: string,
  person: Person,
  topics: (string | undefined)[],
): ClientsTask {
  return {
    urls: topics.map(() => `${url.replace('http', 'ws')}/live`),
    headers: { cookie: person.cookie, origin: url },
    topics,
    greeting: topics.some(Boolean) ? 'snapshot' : 'welcome',
  }
}

/** Readers of `bare-server.ts`, each in its room. */
export function readersOfBareLoop(port: number, rooms: string[]): ClientsTask {
  return {
    urls: rooms.map((room) => `ws://127.0.0.1:${port}${room}`),
    headers: {},
    topics: rooms.map(() => undefined),
    greeting: undefined,
  }
}

/** The ids of as many groups of the person's, in which nothing is pinged. */
export async function makeEmptyGroups(person: Person, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i += 1) {
    ids.push((await person.post<{ id: string }>('/api/groups', { name: `group ${i}` })).id)
  }
  return ids
}
