import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FAR, HOST, type Namespaces, ROUTER, tryNamespaces } from './namespaces.ts'

const run = promisify(execFile)
const CHILD = new URL('./trace-child.ts', import.meta.url).pathname

let namespaces: Namespaces | undefined
let missing = ''
beforeAll(() => {
  const tried = tryNamespaces()
  namespaces = tried.namespaces
  missing = tried.missing
})
afterAll(() => namespaces?.close())

it('a path ends at the host, where it is said to end, or where nobody answers', async (ctx) => {
  if (!namespaces) return ctx.skip(missing)
  const addresses = [HOST.answering, FAR.answering6, FAR.unreachable, HOST.silent]
  const node = [process.execPath, '--import', 'tsx', CHILD, ...addresses]
  const { stdout } = await run('ip', ['netns', 'exec', namespaces.client, ...node])
  expect(JSON.parse(stdout)).toEqual([
    [
      { ttl: 1, from: ROUTER.near },
      { ttl: 2, from: HOST.answering },
    ],
    [
      { ttl: 1, from: ROUTER.near6 },
      { ttl: 2, from: FAR.answering6 },
    ],
    [
      { ttl: 1, from: ROUTER.near },
      { ttl: 2, from: ROUTER.near, code: 1 },
    ],
    [{ ttl: 1, from: ROUTER.near }],
  ])
})
