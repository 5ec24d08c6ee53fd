// The floors of lib from the ground up: its first level is this list, closed.

const PLAIN_FILES = [
  ...['config', 'errors', 'vocabulary', 'log', 'metrics', 'lifecycle', 'launcher', 'clock'],
  ...['backoff', 'page'],
].map((name) => `${name}.ts`)

// http below live: a refused upgrade gets an ordinary HTTP answer.
const FLOORS: string[][] = [
  ['plain files', 'language'],
  ['db'],
  ['channels'],
  ['audit'],
  ['auth'],
  ['notifications'],
  ['accounts', 'targets', 'samples', 'marks'],
  ['groups', 'sharing', 'alerts'],
  ['comparison', 'proof'],
  ['http'],
  ['live'],
  ['server'],
  ['launch'],
]

/** The room of a path in lib; the plain files of its first level share one. */
export function roomOf(path: string): string {
  const name = path.split('/')[1] ?? ''
  return PLAIN_FILES.includes(name) ? 'plain files' : name
}

/** How high a room stands; -1 for what is not on the list. */
export function floorOf(path: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)))
}
